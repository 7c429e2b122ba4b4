namespace Harmonia.Protocol.Configuration;

/// <summary>A TOML date-time without an offset.</summary>
/// <param name="value">Date and time of an unspecified zone, in steps of 100 ns.</param>
/// <param name="position">Where it stands; null for a value that comes from no file.</param>
public sealed class TomlLocalDateTime(DateTime value, TomlPosition? position = null) : TomlValue(position)
{
    /// <summary>Date and time of an unspecified zone, in steps of 100 ns.</summary>
    public DateTime Value { get; } = value;

    /// <inheritdoc/>
    public override string Kind => "a local date-time";
}
