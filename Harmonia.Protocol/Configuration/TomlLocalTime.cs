namespace Harmonia.Protocol.Configuration;

/// <summary>A TOML time of day.</summary>
/// <param name="value">The time, in steps of 100 ns.</param>
/// <param name="position">Where it stands; null for a value that comes from no file.</param>
public sealed class TomlLocalTime(TimeOnly value, TomlPosition? position = null) : TomlValue(position)
{
    /// <summary>The time, in steps of 100 ns.</summary>
    public TimeOnly Value { get; } = value;

    /// <inheritdoc/>
    public override string Kind => "a local time";
}
