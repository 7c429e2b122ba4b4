namespace Harmonia.Protocol.Configuration;

/// <summary>A TOML date.</summary>
/// <param name="value">The day.</param>
/// <param name="position">Where it stands; null for a value that comes from no file.</param>
public sealed class TomlLocalDate(DateOnly value, TomlPosition? position = null) : TomlValue(position)
{
    /// <summary>The day.</summary>
    public DateOnly Value { get; } = value;

    /// <inheritdoc/>
    public override string Kind => "a local date";
}
