using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Harmonia.Cache.Transport;

/// <summary>Both directions of a connection, of which the output is ours.</summary>
internal sealed class SocketTransport(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;

    /// <summary>Puts a <see cref="SocketOutput"/> in the place of a connection's output, where <see cref="FileBody"/> finds it.</summary>
    public static ConnectionDelegate Use(ConnectionDelegate next) => async connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            await next(connection);
            return;
        }

        IDuplexPipe original = connection.Transport;
        SocketOutput output = new(connection, socket, original.Output);
        connection.Transport = new SocketTransport(original.Input, output);
        connection.Features.Set(output);
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
