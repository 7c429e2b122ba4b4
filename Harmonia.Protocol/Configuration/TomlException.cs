namespace Harmonia.Protocol.Configuration;

/// <summary>A text is not TOML 1.0. The message names the place, what was expected and what came.</summary>
/// <param name="position">The first character that does not fit.</param>
/// <param name="problem">The sentence after the place.</param>
public sealed class TomlException(TomlPosition position, string problem) : FormatException($"{position}: {problem}")
{
    /// <summary>The first character that does not fit.</summary>
    public TomlPosition Position { get; } = position;

    /// <summary>The file's name as the caller gave it.</summary>
    public string FileName => Position.FileName;

    /// <summary>The line, counted from 1.</summary>
    public int Line => Position.Line;

    /// <summary>The column, counted from 1 in Unicode scalar values.</summary>
    public int Column => Position.Column;
}
