using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary><c>/path?q=…</c>: leads from what a person has typed to the page of a path.</summary>
public static class PathSearch
{
    private static readonly ErrorReply NoPath = new(StatusCodes.Status400BadRequest, "Not a hash or a store path");

    public static Task RunAsync(HttpContext context, Route route)
    {
        if (route.Parameter is not { IsDuplicate: false, Value: { } text } || FindHash(text) is not { } hash)
            return ContentSender.SendErrorAsync(context, NoPath);

        // Relative, so that it holds behind a proxy that adds a prefix.
        ResponseHead head = new() { Status = StatusCodes.Status302Found, Length = 0, Others = [new HeaderLine("Location", $"./path/{hash}")] };
        head.WriteTo(context);
        return Task.CompletedTask;
    }

    /// <summary>
    /// The hash part in a text: a hash, a base name, a store path, a file below one, or a URL of a cache. The first part between slashes that
    /// begins with a hash counts.
    /// </summary>
    private static StorePathHash? FindHash(string text)
    {
        foreach (string part in text.Trim().Split('/'))
        {
            if (part.Length >= StorePathHash.Length
                && (part.Length == StorePathHash.Length || part[StorePathHash.Length] is '-' or '.')
                && StorePathHash.TryParse(part.AsSpan(0, StorePathHash.Length), out StorePathHash hash))
            {
                return hash;
            }
        }

        return null;
    }
}
