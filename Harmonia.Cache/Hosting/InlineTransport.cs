using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// The sockets of listeners with the short path: what they bring is read and answered on the thread that polled them, which saves
/// three hops between threads for each request. Kestrel itself, which may block, never runs there: see the short path's reader.
/// </summary>
/// <param name="options">Of the other sockets.</param>
/// <param name="endPoints">The addresses of the listeners.</param>
/// <param name="loggers">For Kestrel's transport.</param>
public sealed class InlineTransport(SocketTransportOptions options, IReadOnlyList<EndPoint> endPoints, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    // Read once by the base class library, before the first socket; it has no other name.
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private readonly SocketTransportFactory _sockets = new(Options.Create(Inline(options)), loggers);

    /// <summary>
    /// Has this process run what waited for a socket on the thread that polled it. To be called before the first socket is made;
    /// whoever has set the variable has decided otherwise.
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
