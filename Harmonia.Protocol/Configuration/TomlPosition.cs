namespace Harmonia.Protocol.Configuration;

/// <summary>Where a key or a value stands in a TOML file.</summary>
/// <param name="FileName">The file's name as the caller gave it; empty for a value that was made in code.</param>
/// <param name="Line">The line, counted from 1; 0 for a value that was made in code.</param>
/// <param name="Column">The column, counted from 1 in Unicode scalar values; 0 for a value that was made in code.</param>
public readonly record struct TomlPosition(string FileName, int Line, int Column)
{
    /// <summary>The position of a value that comes from no file.</summary>
    public static TomlPosition None { get; } = new("", 0, 0);

    /// <summary>The position as compilers print it: <c>file:line:column</c>.</summary>
    public override string ToString() => $"{FileName}:{Line}:{Column}";
}
