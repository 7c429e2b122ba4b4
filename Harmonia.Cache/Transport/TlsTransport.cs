using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Harmonia.Cache.Transport;

/// <summary>Both sides of a connection with TLS: what Kestrel's TLS reads from and writes to, and what it is written with.</summary>
internal sealed class TlsTransport
{
    private readonly EncryptedInput _input;
    private readonly SocketOutput _output;

    private TlsTransport(EncryptedInput input, SocketOutput output) => (_input, _output) = (input, output);

    /// <summary>Stands before TLS.</summary>
    public static ConnectionDelegate UseSocket(ConnectionDelegate next) => async connection =>
    {
        IDuplexPipe original = connection.Transport;
        Socket socket = connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        TlsTransport transport = new(new EncryptedInput(original.Input), new SocketOutput(connection, socket, original.Output));
        connection.Transport = new SocketTransport(transport._input, transport._output);
        // SocketOutput itself is no feature: FileBody must not find it.
        connection.Features.Set(transport);
        try
        {
            await next(connection);
        }
        finally
        {
            await transport._output.CompleteAsync();
            connection.Transport = original;
        }
    };

    /// <summary>Stands behind TLS, so that it is reached when the handshake is done.</summary>
    public static ConnectionDelegate UseTls(ConnectionDelegate next) => async connection =>
    {
        TlsTransport transport = connection.Features.GetRequiredFeature<TlsTransport>();
        transport._input.EndHandshake();
        transport._output.DefersWaiting = true;
        IDuplexPipe original = connection.Transport;
        TlsOutput output = new(connection, connection.Features.GetRequiredFeature<ISslStreamFeature>().SslStream, transport._output, original.Output);
        connection.Transport = new SocketTransport(original.Input, output);
        try
        {
            await next(connection);
        }
        finally
        {
            await output.CompleteAsync();
            connection.Transport = original;
        }
    };
}
