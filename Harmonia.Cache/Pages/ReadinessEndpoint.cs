using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.Pages;

/// <summary><c>/ready</c>: whether paths can be served now, for load balancers; if not, the general reason.</summary>
public sealed class ReadinessEndpoint(StoreProblems problems)
{
    private static readonly PreparedResponse Ready = PreparedResponse.Of(ContentTypes.Text, "ready\n"u8.ToArray(), CachePolicy.NoStore);

    public async Task RunAsync(HttpContext context)
    {
        if (await problems.FindAsync(context.RequestAborted) is { } problem)
            await ContentSender.SendErrorAsync(context, new ErrorReply(StatusCodes.Status503ServiceUnavailable, $"not ready: {problem.What}\n"));
        else
            await Ready.SendAsync(context);
    }
}
