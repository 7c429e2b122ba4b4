using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace Harmonia.Cache.Http;

/// <summary>
/// The URL under which a client reached this server, as far as the request tells: from X-Forwarded-Proto and X-Forwarded-Host, else
/// from the connection and the Host header or HTTP/2's :authority. Malformed values are ignored.
/// </summary>
public static class PublicAddress
{
    private const string UnknownHost = "cache.example.com";
    private const int MaxHostLength = 260;

    private static readonly SearchValues<char> OfHosts =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]");

    /// <summary>Scheme and host without a slash at the end; always good to show.</summary>
    public static string Of(HttpRequest request)
    {
        string scheme = First(request.Headers["X-Forwarded-Proto"]).ToLowerInvariant() switch
        {
            "http" => "http",
            "https" => "https",
            _ => request.IsHttps ? "https" : "http",
        };
        string forwarded = First(request.Headers["X-Forwarded-Host"]);
        string own = request.Host.Value ?? "";
        return $"{scheme}://{(IsHost(forwarded) ? forwarded : IsHost(own) ? own : UnknownHost)}";
    }

    // The first is what the client saw; each proxy adds its own.
    private static string First(StringValues header)
    {
        string text = header.Count == 0 ? "" : header[0] ?? "";
        int comma = text.IndexOf(',');
        return (comma < 0 ? text : text[..comma]).Trim();
    }

    private static bool IsHost(string text) => text.Length is > 0 and <= MaxHostLength && !text.AsSpan().ContainsAnyExcept(OfHosts);
}
