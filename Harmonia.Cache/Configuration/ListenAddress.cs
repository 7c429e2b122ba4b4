using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace Harmonia.Cache.Configuration;

/// <summary>An address on which the cache listens: the value of <c>bind</c>.</summary>
public abstract record ListenAddress
{
    private const string UnixScheme = "unix:";

    // sockaddr_un.sun_path has 108 bytes, including the NUL.
    private const int MaxUnixPathBytes = 107;

    private ListenAddress()
    {
    }

    /// <summary>All addresses of this machine, IPv6 and IPv4, with the port of harmonia (Rust).</summary>
    public static ListenAddress Default { get; } = new Tcp("::", 5000);

    /// <summary>Reads <c>host:port</c>, <c>[address]:port</c>, <c>unix:path</c> or <c>unix:///path</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address, if the text is valid.</param>
    /// <param name="problem">What was expected and what came, if the text is not valid.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ListenAddress? address, [NotNullWhen(false)] out string? problem)
    {
        (address, problem) = text.StartsWith(UnixScheme, StringComparison.Ordinal)
            ? ParseUnix(text[UnixScheme.Length..])
            : ParseTcp(text);
        return address is not null;
    }

    private static (ListenAddress? Address, string? Problem) ParseUnix(string rest)
    {
        string path = rest;
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            path = rest[2..];
            if (!path.StartsWith('/'))
                return (null, $"a Unix socket has no host: expected 'unix:///PATH' or 'unix:PATH', but got 'unix:{rest}'");
        }

        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            return (null, "expected the path of a Unix socket after 'unix:'");
        if (Encoding.UTF8.GetByteCount(path) > MaxUnixPathBytes)
            return (null, $"the path of a Unix socket has at most {MaxUnixPathBytes} bytes");
        return (new Unix(path), null);
    }

    private static (ListenAddress? Address, string? Problem) ParseTcp(string text)
    {
        string expected = $"expected 'host:port', '[address]:port' or 'unix:path', but got '{text}'";
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            return (null, expected);

        string host = text[..colon];
        if (host is ['[', .., ']'])
        {
            host = host[1..^1];
            if (!host.Contains(':', StringComparison.Ordinal) || !IPAddress.TryParse(host, out _))
                return (null, expected);
        }
        else if (Uri.CheckHostName(host) is not (UriHostNameType.Dns or UriHostNameType.IPv4))
        {
            return (null, expected);
        }

        return (new Tcp(host, port), null);
    }

    /// <summary>A TCP port.</summary>
    /// <param name="Host">An address without brackets, or a name, which stands for all its addresses.</param>
    /// <param name="Port">The port; 0 lets the system choose it.</param>
    public sealed record Tcp(string Host, int Port) : ListenAddress
    {
        public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
    }

    /// <summary>A Unix socket.</summary>
    /// <param name="Path">The path of its file.</param>
    public sealed record Unix(string Path) : ListenAddress
    {
        public override string ToString() => UnixScheme + Path;
    }
}
