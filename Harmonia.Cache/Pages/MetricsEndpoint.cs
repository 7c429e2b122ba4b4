using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.Pages;

/// <summary><c>/metrics</c>: all metrics, for Prometheus.</summary>
public sealed class MetricsEndpoint(CacheMetrics metrics, ContentSender sender, bool isEnabled)
{
    public Task RunAsync(HttpContext context)
    {
        if (!isEnabled)
            return ContentSender.SendErrorAsync(context, ErrorReply.NotFound);
        Representation text = new() { ContentType = MetricText.ContentType, Kind = BodyKind.Text, CacheControl = CachePolicy.NoStore };
        return sender.SendAsync(context, text, metrics.Render());
    }
}
