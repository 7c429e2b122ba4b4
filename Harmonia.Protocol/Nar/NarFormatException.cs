namespace Harmonia.Protocol.Nar;

/// <summary>The bytes are not a NAR. The message says what was expected, what came, and where.</summary>
public sealed class NarFormatException : FormatException
{
    internal NarFormatException(string problem, long offset)
        : base($"{problem} at byte {offset} of the NAR.") => Offset = offset;

    /// <summary>Where the wrong string, number or padding begins, in bytes from the beginning of the NAR.</summary>
    public long Offset { get; }
}
