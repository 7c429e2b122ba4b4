using Harmonia.Cache.Http;

namespace Harmonia.Cache.Nars;

/// <summary>A NAR that is kept whole.</summary>
/// <param name="bytes">All of it.</param>
public sealed class SmallNar(byte[] bytes)
{
    // An answer's head and objects.
    private const int OfAnswer = 600;

    /// <summary>All of it.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The memory it takes, rather too much.</summary>
    public long Size => OfAnswer + bytes.Length;

    /// <summary>The answer to a plain request for it, once that has been made.</summary>
    public FinishedAnswer? Answer { get; set; }
}
