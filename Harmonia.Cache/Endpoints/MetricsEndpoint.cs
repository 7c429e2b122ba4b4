using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;

namespace Harmonia.Cache.Endpoints;

/// <summary><c>/metrics</c>: all figures, for Prometheus.</summary>
public sealed class MetricsEndpoint(CacheMetrics metrics, bool isEnabled)
{
    public Task RunAsync(HttpContext context)
    {
        if (!isEnabled)
            return ErrorReply.NotFound.WriteAsync(context);
        context.Response.Headers.CacheControl = CachePolicy.NoStore;
        return Reply.BytesAsync(context, MetricText.ContentType, metrics.Render());
    }
}
