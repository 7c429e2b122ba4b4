using Microsoft.AspNetCore.Http.Features;

namespace Harmonia.Cache.Http;

/// <summary>A request that Kestrel has read. The first middleware makes it; all others find it at the context.</summary>
public sealed class KestrelRequest : CacheRequest
{
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

    /// <summary>Parses the target of a request that has just come.</summary>
    public static KestrelRequest Attach(HttpContext context)
    {
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
}
