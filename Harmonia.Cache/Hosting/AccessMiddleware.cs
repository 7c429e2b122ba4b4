using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.Hosting;

/// <summary>Keeps the requests that the gate refuses away from everything behind it.</summary>
public sealed class AccessMiddleware(AccessGate gate)
{
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (await gate.RefuseAsync(context) is { } refusal)
            await ContentSender.SendErrorAsync(context, refusal);
        else
            await next(context);
    }
}
