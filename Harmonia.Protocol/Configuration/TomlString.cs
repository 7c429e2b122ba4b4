namespace Harmonia.Protocol.Configuration;

/// <summary>A TOML string, in whichever of the four forms it was written.</summary>
/// <param name="value">The text after escapes; line endings in it are LF.</param>
/// <param name="position">Where it stands; null for a value that comes from no file.</param>
public sealed class TomlString(string value, TomlPosition? position = null) : TomlValue(position)
{
    /// <summary>The text after escapes; line endings in it are LF.</summary>
    public string Value { get; } = value;

    /// <inheritdoc/>
    public override string Kind => "a string";
}
