using Harmonia.Cache.Http;

namespace Harmonia.Cache.Pages;

/// <summary><c>/health</c>: the process is alive. Says nothing about the daemon, which a restart of the cache would not help.</summary>
public static class HealthEndpoint
{
    private static readonly byte[] Body = [.. "OK\n"u8];

    public static Task RunAsync(HttpContext context) => Reply.BytesAsync(context, ContentTypes.Text, Body);
}
