using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.Pages;

/// <summary><c>/metrics</c>: all metrics, for Prometheus.</summary>
public sealed class MetricsEndpoint(MetricRegistry metrics, ContentSender sender, bool isEnabled)
{
    public async Task RunAsync(HttpContext context)
    {
        if (!isEnabled)
        {
            await ContentSender.SendErrorAsync(context, ErrorReply.NotFound);
            return;
        }

        MetricsFormat format = MetricsFormat.For(context.Request.Headers.Accept);
        // The whole text comes first, so that a scrape that fails is an error and not half a body.
        ReadOnlyMemory<byte> text = await metrics.CollectAsync(format.Format, context.RequestAborted);
        Representation representation = new() { ContentType = format.ContentType, Kind = BodyKind.Text, CacheControl = CachePolicy.NoStore };
        await sender.SendAsync(context, representation, text);
    }
}
