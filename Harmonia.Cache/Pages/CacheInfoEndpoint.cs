using System.Text;
using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary>
/// <c>/nix-cache-info</c>: what a client asks for first. The daemon is not needed for it, since a client that gets no response here
/// takes the cache for no cache at all.
/// </summary>
public sealed class CacheInfoEndpoint(StoreDirectory storeDirectory, int priority)
{
    /// <summary>The response, which is always the same.</summary>
    public PreparedResponse Response { get; } = PreparedResponse.Of(
        ContentTypes.CacheInfo, Encoding.UTF8.GetBytes($"StoreDir: {storeDirectory.Path}\nWantMassQuery: 1\nPriority: {priority}\n"));
}
