using System.Text;
using System.Text.RegularExpressions;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Cache.Hosting.FastFront;

/// <summary>Requests over real connections. The id shows which front has responded: on the fast front it begins with 8.</summary>
internal static class FastFrontRequests
{
    public const string ByKestrel = ":0";
    public const string ByFastFront = ":8";
    public const string Unusual = "X-Unusual: 1\r\n";

    private static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(10);

    public static string Request(string url, string headers = "", string method = "GET") => $"{method} {url} HTTP/1.1\r\nHost: a\r\n{headers}\r\n";

    public static async Task<RawResponse> AskAsync(Stream connection, string request, bool hasBody = true)
    {
        await connection.WriteAsync(Encoding.ASCII.GetBytes(request));
        return await RawResponse.ReadAsync(connection, hasBody);
    }

    /// <summary>A head without what no two requests have in common.</summary>
    public static string Settled(string head) => Without(head, "(?<=Date: |X-Request-Id: )[^\r]*");

    /// <summary>The lines of the access log about such URLs, without what no two requests have in common.</summary>
    public static string[] AccessLogOf(CacheInMemory cache, string urlPart) =>
    [
        .. cache.Log.Entries.Where(entry => entry.EventId == 120 && entry.Message.Contains(urlPart, StringComparison.Ordinal))
            .Select(entry => Without(entry.Message, @"[0-9.]+ ms|\[.*\]")),
    ];

    /// <summary>The counters that requests change, without those of the request that reads them, which may still be counted later.</summary>
    public static async Task<string[]> CountsAsync(CacheInMemory cache)
    {
        string metrics = await cache.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return [.. metrics.Split('\n').Where(line => !line.Contains("path=\"/metrics\"", StringComparison.Ordinal) &&
            Regex.IsMatch(line, "^harmonia_(http|narinfo|lookup).*(_total|_count|_in_flight)[ {].*[1-9]$", RegexOptions.ExplicitCapture, RegexLimit))];
    }

    private static string Without(string text, string pattern) => Regex.Replace(text, pattern, "", RegexOptions.ExplicitCapture, RegexLimit);
}
