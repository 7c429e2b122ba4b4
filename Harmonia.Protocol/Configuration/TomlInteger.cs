namespace Harmonia.Protocol.Configuration;

/// <summary>A TOML integer.</summary>
/// <param name="value">The number.</param>
/// <param name="position">Where it stands; null for a value that comes from no file.</param>
public sealed class TomlInteger(long value, TomlPosition? position = null) : TomlValue(position)
{
    /// <summary>The number.</summary>
    public long Value { get; } = value;

    /// <inheritdoc/>
    public override string Kind => "an integer";
}
