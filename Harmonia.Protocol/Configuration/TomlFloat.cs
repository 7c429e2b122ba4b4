namespace Harmonia.Protocol.Configuration;

/// <summary>A TOML float.</summary>
/// <param name="value">The number; may be infinite or not a number.</param>
/// <param name="position">Where it stands; null for a value that comes from no file.</param>
public sealed class TomlFloat(double value, TomlPosition? position = null) : TomlValue(position)
{
    /// <summary>The number; may be infinite or not a number.</summary>
    public double Value { get; } = value;

    /// <inheritdoc/>
    public override string Kind => "a float";
}
