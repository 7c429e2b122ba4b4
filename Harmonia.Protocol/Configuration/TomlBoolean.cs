namespace Harmonia.Protocol.Configuration;

/// <summary>A TOML boolean.</summary>
/// <param name="value">The truth value.</param>
/// <param name="position">Where it stands; null for a value that comes from no file.</param>
public sealed class TomlBoolean(bool value, TomlPosition? position = null) : TomlValue(position)
{
    /// <summary>The truth value.</summary>
    public bool Value { get; } = value;

    /// <inheritdoc/>
    public override string Kind => "a boolean";
}
