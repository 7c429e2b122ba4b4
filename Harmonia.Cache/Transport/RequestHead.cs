using System.Buffers;
using System.Text;
using Harmonia.Cache.Http;

namespace Harmonia.Cache.Transport;

/// <summary>
/// The head of a plain request: GET or HEAD in HTTP/1.1, a target that begins with a slash, and headers that the fast front knows, none of
/// them malformed. Everything else is left to Kestrel.
/// </summary>
public ref struct RequestHead
{
    // More than curl, Nix and proxies send; Kestrel's own limits are larger.
    private const int MaxLength = 2048;
    private const int MaxHeaders = 32;

    private const int GetStart = 4;
    private const int HeadStart = 5;

    // Kestrel decodes escapes and refuses some of them, and refuses other bytes.
    private static readonly SearchValues<byte> TargetBytes =
        SearchValues.Create("/-._~?&=+0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> ValueBytes = SearchValues.Create([(byte)'\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(b => (byte)b)]);
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> PortDigits = SearchValues.Create("0123456789"u8);

    private SelectingHeaders _headers;
    private int _count;
    private bool _hasHost;

    private static ReadOnlySpan<byte> EndOfLine => "\r\n"u8;

    private static ReadOnlySpan<byte> Version => " HTTP/1.1"u8;

    /// <summary>The target of the request line, which begins with a slash.</summary>
    public ReadOnlySpan<byte> Target { get; private init; }

    /// <summary>Where the target begins.</summary>
    public readonly int TargetStart => IsHead ? HeadStart : GetStart;

    /// <summary>Whether the method is HEAD.</summary>
    public bool IsHead { get; private init; }

    /// <summary>The headers that select a response.</summary>
    public readonly SelectingHeaders Headers => _headers;

    /// <summary>Whether a proxy names the client.</summary>
    public bool IsForwarded { get; private set; }

    /// <summary>Whether the client wants the connection to end after it.</summary>
    public bool IsLast { get; private set; }

    /// <summary>The number of bytes, the empty line at the end included.</summary>
    public int Length { get; private set; }

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
        head = new RequestHead { Target = target, IsHead = isHead, _headers = new SelectingHeaders { IsGet = !isHead } };
        return head.TryReadHeaders(bounded, end + EndOfLine.Length);
    }

    // Up to the empty line.
    private bool TryReadHeaders(ReadOnlySpan<byte> input, int at)
    {
        while (true)
        {
            int length = input[at..].IndexOf(EndOfLine);
            if (length <= 0)
            {
                Length = at + EndOfLine.Length;
                return length == 0 && _hasHost;
            }

            if (!TryAdd(input.Slice(at, length)))
                return false;
            at += length + EndOfLine.Length;
        }
    }

    // Takes a line without its end; false when it is for Kestrel to judge.
    private bool TryAdd(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || ++_count > MaxHeaders)
            return false;
        ReadOnlySpan<byte> value = line[(colon + 1)..];
        if (value.ContainsAnyExcept(ValueBytes))
            return false;
        ReadOnlySpan<byte> name = line[..colon];
        // The length tells most of them apart.
        return colon switch
        {
            3 => Ascii.EqualsIgnoreCase(name, "via"u8),
            4 => Ascii.EqualsIgnoreCase(name, "host"u8) && TryAddHost(value.Trim(" \t"u8)),
            5 => Ascii.EqualsIgnoreCase(name, "range"u8) && TryAddRange(value),
            6 => Ascii.EqualsIgnoreCase(name, "accept"u8) || Ascii.EqualsIgnoreCase(name, "pragma"u8),
            8 => TryAddCondition(name, value),
            9 => Ascii.EqualsIgnoreCase(name, "x-real-ip"u8),
            10 => Ascii.EqualsIgnoreCase(name, "user-agent"u8) || TryAddConnection(name, value),
            13 => Ascii.EqualsIgnoreCase(name, "cache-control"u8) || TryAddIfNoneMatch(name, value),
            15 => TryAddAcceptEncoding(name, value) || Ascii.EqualsIgnoreCase(name, "accept-language"u8) || TryAddForwarded(name),
            16 or 17 => TryAddForwarded(name),
            _ => false,
        };
    }

    private bool TryAddConnection(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!Ascii.EqualsIgnoreCase(name, "connection"u8))
            return false;
        value = value.Trim(" \t"u8);
        return Ascii.EqualsIgnoreCase(value, "keep-alive"u8) || (Ascii.EqualsIgnoreCase(value, "close"u8) && (IsLast = true));
    }

    // A name or an IPv4 address, with a port or without. Kestrel refuses a second Host.
    private bool TryAddHost(ReadOnlySpan<byte> host)
    {
        if (_hasHost)
            return false;
        _hasHost = true;
        int colon = host.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? host : host[..colon];
        ReadOnlySpan<byte> port = colon < 0 ? "80"u8 : host[(colon + 1)..];
        return name.Length > 0 && port.Length is > 0 and <= 5 && !name.ContainsAnyExcept(HostBytes) && !port.ContainsAnyExcept(PortDigits);
    }

    // Several lines of one header count as one. None of these clients sends them, so Kestrel puts them together.
    private bool TryAddAcceptEncoding(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_headers.AcceptEncoding.Count > 0 || !Ascii.EqualsIgnoreCase(name, "accept-encoding"u8))
            return false;
        _headers = _headers with { AcceptEncoding = TextOf(value) };
        return true;
    }

    private bool TryAddRange(ReadOnlySpan<byte> value)
    {
        if (_headers.Range.Count > 0)
            return false;
        _headers = _headers with { Range = TextOf(value) };
        return true;
    }

    private bool TryAddIfNoneMatch(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_headers.IfNoneMatch.Count > 0 || !Ascii.EqualsIgnoreCase(name, "if-none-match"u8))
            return false;
        _headers = _headers with { IfNoneMatch = TextOf(value) };
        return true;
    }

    private bool TryAddCondition(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        bool isRange = Ascii.EqualsIgnoreCase(name, "if-range"u8);
        if ((isRange ? _headers.IfRange : _headers.IfMatch).Count > 0 || !(isRange || Ascii.EqualsIgnoreCase(name, "if-match"u8)))
            return false;
        _headers = isRange ? _headers with { IfRange = TextOf(value) } : _headers with { IfMatch = TextOf(value) };
        return true;
    }

    private static string TextOf(ReadOnlySpan<byte> value) => Encoding.ASCII.GetString(value.Trim(" \t"u8));

    private bool TryAddForwarded(ReadOnlySpan<byte> name) =>
        (Ascii.EqualsIgnoreCase(name, "x-forwarded-for"u8) || Ascii.EqualsIgnoreCase(name, "x-forwarded-host"u8)
            || Ascii.EqualsIgnoreCase(name, "x-forwarded-proto"u8))
        && (IsForwarded = true);
}
