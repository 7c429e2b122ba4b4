using System.Text;

namespace Harmonia.Tests.Support;

/// <summary>The result of a program: its exit code, the bytes of its standard output, the text of its standard error.</summary>
public sealed record CommandResult(int ExitCode, byte[] Output, string Errors)
{
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>The lines of the output, sorted, for answers whose order means nothing.</summary>
    public string[] SortedLines => [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
