namespace Harmonia.Protocol.Nar;

/// <summary>Bytes that should be a NAR are none. The message says what was expected, what came, and where.</summary>
public sealed class NarFormatException : FormatException
{
    internal NarFormatException(string problem, long offset)
        : base($"{problem} at byte {offset} of the NAR.") => Offset = offset;

    /// <summary>How many bytes from the beginning of the NAR the string, number or padding begins that is wrong.</summary>
    public long Offset { get; }
}
