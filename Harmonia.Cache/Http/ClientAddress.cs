using System.Net;

namespace Harmonia.Cache.Http;

/// <summary>
/// Who sent a request. X-Forwarded-For counts as far as trusted proxies wrote it: read from its end, the first address that is none of
/// theirs is the client's.
/// </summary>
public sealed class ClientAddress(IReadOnlyList<IPNetwork> trustedProxies)
{
    private const string ForwardedFor = "X-Forwarded-For";

    // A Unix socket's peer has no address.
    private const string Local = "unix";

    /// <summary>Whether what a request says of its client can count.</summary>
    public bool TrustsProxies => trustedProxies.Count > 0;

    /// <summary>The address of a peer that sent a request for itself, as text, for the log.</summary>
    public static string Of(IPAddress? peer) => Plain(peer)?.ToString() ?? Local;

    /// <summary>The address as text, for the log.</summary>
    public string Of(HttpContext context)
    {
        IPAddress? client = Plain(context.Connection.RemoteIpAddress);
        if (trustedProxies.Count == 0 || (client is not null && !IsTrusted(client)))
            return client?.ToString() ?? Local;

        string[] hops = context.Request.Headers[ForwardedFor].ToString().Split(',', StringSplitOptions.TrimEntries);
        foreach (string hop in hops.Reverse())
        {
            // Anything but an address ends the part that trusted proxies wrote.
            if (!TryParse(hop, out IPAddress? address))
                break;
            client = address;
            if (!IsTrusted(address))
                break;
        }

        return client?.ToString() ?? Local;
    }

    private bool IsTrusted(IPAddress address) => trustedProxies.Any(network => network.Contains(address));

    // Some proxies append the port.
    private static bool TryParse(string hop, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address)
    {
        address = IPEndPoint.TryParse(hop, out IPEndPoint? endPoint) ? Plain(endPoint.Address) : null;
        return address is not null;
    }

    // A socket that listens on IPv6 and IPv4 sees IPv4 clients as ::ffff:a.b.c.d.
    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
