using System.Net;
using System.Net.Sockets;
using Harmonia.Cache.Hosting.FastFront;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// Kestrel's transport, in two ways. Listeners with the fast front read and respond on the thread that polled the socket, which saves three
/// switches between threads for each request. Kestrel may block, so it never runs there: see <see cref="FastFrontReader"/>. Nor
/// do TLS handshakes: see <see cref="EncryptedInput"/>. Of new connections over TCP without TLS, <see cref="FirstLookListener"/> takes those
/// that it can respond to alone. Other listeners queue what they read to the thread pool.
/// </summary>
/// <param name="options">The options of all sockets.</param>
/// <param name="inline">The addresses of the listeners with the fast front.</param>
/// <param name="responder">Responds to the only request of a connection over TCP; null if TCP has TLS.</param>
/// <param name="loggers">For Kestrel's transport.</param>
internal sealed class InlineTransport(
    SocketTransportOptions options, IReadOnlyList<EndPoint> inline, LoneRequestResponder? responder, ILoggerFactory loggers) : IConnectionListenerFactory
{
    // The base class library reads it once, before the first socket. There is no other way to set it.
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private readonly SocketTransportFactory _inline = new(Options.Create(Inline(options)), loggers);
    private readonly SocketTransportFactory _queued = new(Options.Create(options), loggers);

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
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (!inline.Contains(endpoint))
            return _queued.BindAsync(endpoint, cancellationToken);
        if (endpoint is not IPEndPoint || responder is null)
            return _inline.BindAsync(endpoint, cancellationToken);
        Socket listener = options.CreateBoundListenSocket(endpoint);
        listener.Listen(options.Backlog);
        return ValueTask.FromResult<IConnectionListener>(new FirstLookListener(listener, responder, loggers));
    }

    private static SocketTransportOptions Inline(SocketTransportOptions options) => new()
    {
        Backlog = options.Backlog,
        CreateBoundListenSocket = options.CreateBoundListenSocket,
        UnsafePreferInlineScheduling = true,
    };
}
