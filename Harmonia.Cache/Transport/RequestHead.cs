using System.Buffers;
using Harmonia.Cache.Http;

namespace Harmonia.Cache.Transport;

/// <summary>
/// The head of a plain request: GET or HEAD in HTTP/1.1, a target that begins with a slash, and headers that the fast front knows.
/// Everything else is left to Kestrel.
/// </summary>
public readonly ref struct RequestHead
{
    // More than curl, Nix and proxies send; Kestrel's own limits are larger.
    private const int MaxLength = 2048;

    // Kestrel decodes escapes and refuses some of them, and refuses other bytes.
    private static readonly SearchValues<byte> TargetBytes =
        SearchValues.Create("/-._~?&=+0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private const int GetStart = 4;
    private const int HeadStart = 5;

    private static ReadOnlySpan<byte> EndOfLine => "\r\n"u8;

    private static ReadOnlySpan<byte> Version => " HTTP/1.1"u8;

    /// <summary>The target of the request line, which begins with a slash.</summary>
    public ReadOnlySpan<byte> Target { get; private init; }

    /// <summary>Where the target begins.</summary>
    public int TargetStart => IsHead ? HeadStart : GetStart;

    /// <summary>Whether the method is HEAD.</summary>
    public bool IsHead { get; private init; }

    /// <summary>The headers that select a response.</summary>
    public SelectingHeaders Headers { get; private init; }

    /// <summary>Whether a proxy names the client.</summary>
    public bool IsForwarded { get; private init; }

    /// <summary>Whether the client wants the connection to end after it.</summary>
    public bool IsLast { get; private init; }

    /// <summary>The number of bytes, the empty line at the end included.</summary>
    public int Length { get; private init; }

    /// <summary>Reads the head at the front of the input. False when it is not complete, or not plain.</summary>
    public static bool TryRead(ReadOnlySpan<byte> input, out RequestHead head)
    {
        head = default;
        bool isHead = input.StartsWith("HEAD /"u8);
        if (!isHead && !input.StartsWith("GET /"u8))
            return false;
        ReadOnlySpan<byte> bounded = input[..Math.Min(input.Length, MaxLength)];
        int end = bounded.IndexOf(EndOfLine);
        if (end < 0 || !bounded[..end].EndsWith(Version))
            return false;
        ReadOnlySpan<byte> target = bounded[(isHead ? HeadStart : GetStart)..(end - Version.Length)];

        if (target.ContainsAnyExcept(TargetBytes))
            return false;

        PlainHeaders headers = new();
        int at = end + EndOfLine.Length;
        while (true)
        {
            int length = bounded[at..].IndexOf(EndOfLine);
            if (length <= 0)
            {
                if (length < 0 || !headers.HasHost)
                    return false;
                head = new RequestHead
                {
                    Target = target,
                    IsHead = isHead,
                    Headers = headers.Selecting with { IsGet = !isHead },
                    IsForwarded = headers.IsForwarded,
                    IsLast = headers.IsLast,
                    Length = at + EndOfLine.Length,
                };
                return true;
            }

            if (!headers.TryAdd(bounded.Slice(at, length)))
                return false;
            at += length + EndOfLine.Length;
        }
    }
}
