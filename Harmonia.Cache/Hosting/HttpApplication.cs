using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Harmonia.Cache.Hosting;

/// <summary>What Kestrel does with a request that it has read. A connection keeps its context for the next request.</summary>
public sealed class HttpApplication : IHttpApplication<DefaultHttpContext>
{
    private readonly RequestDelegate _run;

    /// <param name="last">Responds to what passes the middleware.</param>
    /// <param name="middleware">What each request passes, the first one first.</param>
    public HttpApplication(RequestDelegate last, params ReadOnlySpan<Func<HttpContext, RequestDelegate, Task>> middleware)
    {
        _run = last;
        for (int i = middleware.Length - 1; i >= 0; i--)
        {
            (Func<HttpContext, RequestDelegate, Task> current, RequestDelegate next) = (middleware[i], _run);
            _run = context => current(context, next);
        }
    }

    /// <inheritdoc/>
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> connection)
            return new DefaultHttpContext(contextFeatures);
        if (connection.HostContext is { } context)
            context.Initialize(contextFeatures);
        else
            connection.HostContext = context = new DefaultHttpContext(contextFeatures);
        return context;
    }

    /// <inheritdoc/>
    public Task ProcessRequestAsync(DefaultHttpContext context) => _run(context);

    /// <inheritdoc/>
    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}
