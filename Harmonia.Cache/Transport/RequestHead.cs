using System.Text;
using Harmonia.Cache.Http;

namespace Harmonia.Cache.Transport;

/// <summary>
/// The head of a request that has nothing unusual in it: GET or HEAD in HTTP/1.1, a path, and headers that cannot change the answer.
/// What is not certain to be one is left to Kestrel, which knows what to do with it.
/// </summary>
public readonly ref struct RequestHead
{
    // More than curl, Nix and proxies send; Kestrel's own limits are larger.
    private const int MaxLength = 2048;

    private static ReadOnlySpan<byte> EndOfLine => "\r\n"u8;

    private static ReadOnlySpan<byte> Version => " HTTP/1.1"u8;

    /// <summary>The target of the request line: from the slash on.</summary>
    public ReadOnlySpan<byte> Path { get; private init; }

    /// <summary>Whether the answer has no body.</summary>
    public bool IsHead { get; private init; }

    /// <summary>What the client says about content codings; empty for nothing.</summary>
    public ReadOnlySpan<byte> AcceptEncoding { get; private init; }

    /// <summary>Whether a proxy says for whom it asks.</summary>
    public bool IsForwarded { get; private init; }

    /// <summary>The number of bytes, with the empty line.</summary>
    public int Length { get; private init; }

    /// <summary>The coding that the client likes best.</summary>
    /// <param name="offered">The codings that can be had, beside identity.</param>
    public ContentCoding Choose(ContentCoding offered)
    {
        if (offered == ContentCoding.Identity || AcceptEncoding.IsEmpty)
            return ContentCoding.Identity;
        Span<char> text = stackalloc char[PlainHeaders.MaxAcceptEncoding];
        int length = Encoding.ASCII.GetChars(AcceptEncoding, text);
        return Http.AcceptEncoding.Parse(text[..length]).Choose(offered);
    }

    /// <summary>Reads the head at the front of what has come. False when it is not complete, or not a plain one.</summary>
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
        ReadOnlySpan<byte> path = bounded[(isHead ? 5 : 4)..(end - Version.Length)];

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
                    Path = path,
                    IsHead = isHead,
                    AcceptEncoding = headers.AcceptEncoding,
                    IsForwarded = headers.IsForwarded,
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
