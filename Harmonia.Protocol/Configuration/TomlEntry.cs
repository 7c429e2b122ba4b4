namespace Harmonia.Protocol.Configuration;

/// <summary>A key of a table with its value.</summary>
/// <param name="Key">The key's text, without quotes.</param>
/// <param name="KeyPosition">The key's first character.</param>
/// <param name="Value">The value.</param>
public sealed record TomlEntry(string Key, TomlPosition KeyPosition, TomlValue Value);
