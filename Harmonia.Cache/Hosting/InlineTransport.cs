using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// The sockets of listeners with the fast front: it reads and responds on the thread that polled the socket, which saves three switches
/// between threads for each request. Kestrel may block, so it never runs there: see <see cref="FastFront.FastFrontReader"/>.
/// </summary>
/// <param name="options">The options of the other sockets.</param>
/// <param name="endPoints">The addresses of the listeners.</param>
/// <param name="loggers">For Kestrel's transport.</param>
public sealed class InlineTransport(SocketTransportOptions options, IReadOnlyList<EndPoint> endPoints, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    // The base class library reads it once, before the first socket. There is no other way to set it.
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private readonly SocketTransportFactory _sockets = new(Options.Create(Inline(options)), loggers);

    /// <summary>
    /// Makes this process run the code that waited for a socket on the thread that polled the socket. Call it before the first socket is made.
    /// A variable that is set already stays as it is.
    /// </summary>
    public static void EnableInProcess()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endPoints.Contains(endpoint);

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        _sockets.BindAsync(endpoint, cancellationToken);

    private static SocketTransportOptions Inline(SocketTransportOptions options) => new()
    {
        Backlog = options.Backlog,
        CreateBoundListenSocket = options.CreateBoundListenSocket,
        UnsafePreferInlineScheduling = true,
    };
}
