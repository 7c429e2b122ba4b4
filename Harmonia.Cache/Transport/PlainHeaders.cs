using System.Buffers;
using System.Text;

namespace Harmonia.Cache.Transport;

/// <summary>The headers of a request, as long as none of them could change the answer or be wrong.</summary>
internal ref struct PlainHeaders
{
    /// <summary>Browsers send 25 bytes, Nix 40.</summary>
    public const int MaxAcceptEncoding = 256;

    private const int MaxCount = 32;

    private static readonly SearchValues<byte> ValueBytes = SearchValues.Create([(byte)'\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(b => (byte)b)]);
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> PortDigits = SearchValues.Create("0123456789"u8);

    private int _count;
    private bool _hasAcceptEncoding;

    /// <summary>Whether there is a Host, which every request must have.</summary>
    public bool HasHost { get; private set; }

    /// <inheritdoc cref="RequestHead.AcceptEncoding"/>
    public ReadOnlySpan<byte> AcceptEncoding { get; private set; }

    /// <inheritdoc cref="RequestHead.IsForwarded"/>
    public bool IsForwarded { get; private set; }

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
            6 => Ascii.EqualsIgnoreCase(name, "accept"u8) || Ascii.EqualsIgnoreCase(name, "pragma"u8),
            9 => Ascii.EqualsIgnoreCase(name, "x-real-ip"u8),
            10 => Ascii.EqualsIgnoreCase(name, "user-agent"u8) || IsKeptAlive(name, value),
            13 => Ascii.EqualsIgnoreCase(name, "cache-control"u8),
            15 => TryAddAcceptEncoding(name, value) || Ascii.EqualsIgnoreCase(name, "accept-language"u8) || TryAddForwarded(name),
            16 or 17 => TryAddForwarded(name),
            _ => false,
        };
    }

    private static bool IsKeptAlive(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Ascii.EqualsIgnoreCase(name, "connection"u8) && Ascii.EqualsIgnoreCase(value.Trim(" \t"u8), "keep-alive"u8);

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

    // Several lines count as one, which none of these clients sends.
    private bool TryAddAcceptEncoding(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_hasAcceptEncoding || value.Length > MaxAcceptEncoding || !Ascii.EqualsIgnoreCase(name, "accept-encoding"u8))
            return false;
        _hasAcceptEncoding = true;
        AcceptEncoding = value;
        return true;
    }

    private bool TryAddForwarded(ReadOnlySpan<byte> name) =>
        (Ascii.EqualsIgnoreCase(name, "x-forwarded-for"u8) || Ascii.EqualsIgnoreCase(name, "x-forwarded-host"u8)
            || Ascii.EqualsIgnoreCase(name, "x-forwarded-proto"u8))
        && (IsForwarded = true);
}
