namespace Harmonia.Protocol.Configuration;

/// <summary>A place in a configuration file.</summary>
/// <param name="FileName">The file's name as the caller gave it; empty if there is no file.</param>
/// <param name="Line">The line, counted from 1; 0 if there is no file.</param>
/// <param name="Column">The column, counted from 1 in Unicode scalar values; 0 if there is no file.</param>
public readonly record struct FilePosition(string FileName, int Line, int Column)
{
    /// <summary>The place of an error that comes from no line of a file.</summary>
    public static FilePosition None { get; } = new("", 0, 0);

    /// <summary>The place behind the last character of a text.</summary>
    internal static FilePosition EndOf(string text, string fileName)
    {
        string lastLine = text[(text.LastIndexOf('\n') + 1)..];
        return new FilePosition(fileName, text.Count(character => character == '\n') + 1, lastLine.EnumerateRunes().Count() + 1);
    }

    /// <summary>The position as compilers print it: <c>file:line:column</c>.</summary>
    public override string ToString() => $"{FileName}:{Line}:{Column}";
}
