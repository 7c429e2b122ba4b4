using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Harmonia.Cache.Http;

/// <summary>A request that Kestrel has read. The first middleware makes it; all others find it at the context.</summary>
public sealed class KestrelRequest : CacheRequest
{
    private const int MaxIdLength = 64;

    private readonly HttpContext _context;

    private KestrelRequest(HttpContext context)
    {
        _context = context;
        Target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        Set(Http.Route.Parse(Target), SelectingHeaders.Of(context.Request));
    }

    /// <inheritdoc/>
    public override string Method => _context.Request.Method;

    // Kestrel's own path has no dot segments and no escapes any more.
    /// <inheritdoc/>
    public override string Target { get; }

    /// <inheritdoc/>
    public override string Id => _context.TraceIdentifier;

    /// <summary>
    /// Parses the target of a request that has just come. Its id is the one that the client or a proxy sent, if that is harmless, else one
    /// that the server made.
    /// </summary>
    public static KestrelRequest Attach(HttpContext context)
    {
        if (context.Request.Headers.TryGetValue(IdHeader, out StringValues values) && values is [{ } id] && IsHarmless(id))
            context.TraceIdentifier = id;
        KestrelRequest request = new(context);
        context.Features.Set(request);
        return request;
    }

    /// <summary>The request of a context.</summary>
    public static KestrelRequest Of(HttpContext context) => context.Features.GetRequiredFeature<KestrelRequest>();

    /// <inheritdoc/>
    public override string ClientOf(ClientAddress addresses) => addresses.Of(_context);

    /// <inheritdoc/>
    public override void Abort() => _context.Abort();

    // Visible ASCII: it can't forge a second line or field in a log, and it is short.
    private static bool IsHarmless(string id) => id.Length is > 0 and <= MaxIdLength && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
