using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.Pages;

/// <summary><c>/health</c>: the process is alive. Says nothing about the daemon, which a restart of the cache would not help.</summary>
public static class HealthEndpoint
{
    /// <summary>The response, which is always the same.</summary>
    public static PreparedResponse Response { get; } = PreparedResponse.Of(ContentTypes.Text, "OK\n"u8.ToArray());
}
