using System.Text;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary>
/// <c>/nix-cache-info</c>: what a client asks first. Answered without the daemon, since a client that gets no answer here takes the
/// cache for no cache at all.
/// </summary>
public sealed class CacheInfoEndpoint(StoreDirectory storeDirectory, int priority)
{
    private readonly byte[] _body = Encoding.UTF8.GetBytes($"StoreDir: {storeDirectory.Path}\nWantMassQuery: 1\nPriority: {priority}\n");

    public Task RunAsync(HttpContext context) => Reply.BytesAsync(context, ContentTypes.CacheInfo, _body);
}
