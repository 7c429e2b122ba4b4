using System.Buffers;
using System.Text;
using Harmonia.Cache.Http;

namespace Harmonia.Cache.Transport;

/// <summary>The headers of a request, as long as the fast front knows each of them and none is malformed.</summary>
internal ref struct PlainHeaders
{
    private const int MaxCount = 32;

    private static readonly SearchValues<byte> ValueBytes = SearchValues.Create([(byte)'\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(b => (byte)b)]);
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> PortDigits = SearchValues.Create("0123456789"u8);

    private int _count;

    /// <summary>Whether there is a Host, which every request must have.</summary>
    public bool HasHost { get; private set; }

    /// <inheritdoc cref="RequestHead.Headers"/>
    public SelectingHeaders Selecting { get; private set; }

    /// <inheritdoc cref="RequestHead.IsForwarded"/>
    public bool IsForwarded { get; private set; }

    /// <inheritdoc cref="RequestHead.IsLast"/>
    public bool IsLast { get; private set; }

    /// <summary>Takes a line without its end; false when it is for Kestrel to judge.</summary>
    public bool TryAdd(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || ++_count > MaxCount)
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
        if (HasHost)
            return false;
        HasHost = true;
        int colon = host.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? host : host[..colon];
        ReadOnlySpan<byte> port = colon < 0 ? "80"u8 : host[(colon + 1)..];
        return name.Length > 0 && port.Length is > 0 and <= 5 && !name.ContainsAnyExcept(HostBytes) && !port.ContainsAnyExcept(PortDigits);
    }

    // Several lines of one header count as one. None of these clients sends them, so Kestrel puts them together.
    private bool TryAddAcceptEncoding(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Selecting.AcceptEncoding.Count > 0 || !Ascii.EqualsIgnoreCase(name, "accept-encoding"u8))
            return false;
        Selecting = Selecting with { AcceptEncoding = TextOf(value) };
        return true;
    }

    private bool TryAddRange(ReadOnlySpan<byte> value)
    {
        if (Selecting.Range.Count > 0)
            return false;
        Selecting = Selecting with { Range = TextOf(value) };
        return true;
    }

    private bool TryAddIfNoneMatch(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Selecting.IfNoneMatch.Count > 0 || !Ascii.EqualsIgnoreCase(name, "if-none-match"u8))
            return false;
        Selecting = Selecting with { IfNoneMatch = TextOf(value) };
        return true;
    }

    private bool TryAddCondition(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        bool isRange = Ascii.EqualsIgnoreCase(name, "if-range"u8);
        if ((isRange ? Selecting.IfRange : Selecting.IfMatch).Count > 0 || !(isRange || Ascii.EqualsIgnoreCase(name, "if-match"u8)))
            return false;
        Selecting = isRange ? Selecting with { IfRange = TextOf(value) } : Selecting with { IfMatch = TextOf(value) };
        return true;
    }

    private static string TextOf(ReadOnlySpan<byte> value) => Encoding.ASCII.GetString(value.Trim(" \t"u8));

    private bool TryAddForwarded(ReadOnlySpan<byte> name) =>
        (Ascii.EqualsIgnoreCase(name, "x-forwarded-for"u8) || Ascii.EqualsIgnoreCase(name, "x-forwarded-host"u8)
            || Ascii.EqualsIgnoreCase(name, "x-forwarded-proto"u8))
        && (IsForwarded = true);
}
