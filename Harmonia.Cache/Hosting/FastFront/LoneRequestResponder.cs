using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Harmonia.Cache.Interop;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Interop;
using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>
/// Responds to the request of a client that opens a connection for each, if its response is in memory, and closes the connection. Nothing
/// else of a connection is read.
/// </summary>
/// <param name="front">Finds responses.</param>
/// <param name="connections">A connection beyond the limit is Kestrel's.</param>
internal sealed class LoneRequestResponder(FastFrontMiddleware front, ConnectionLimit connections)
{
    // Longer heads are not plain.
    private const int MaxHead = 4 * 1024;

    /// <summary>Looks at what has come over a new connection. It never waits.</summary>
    public FirstLook Look(Socket socket)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxHead);
        try
        {
            int read = LibcSockets.Peek(socket.SafeHandle, buffer);
            if (read == -Errno.TryAgain)
                return FirstLook.Silent;
            if (read > 0)
                return TryRespond(socket, buffer.AsMemory(0, read)) ? FirstLook.Done : FirstLook.Other;
            socket.Dispose();
            return FirstLook.Done;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool TryRespond(Socket socket, Memory<byte> input)
    {
        long began = Stopwatch.GetTimestamp();
        if (!RequestHead.TryRead(input.Span, out RequestHead head) || !head.IsLast || head.Length != input.Length || !front.Router.MayRespond(head))
            return false;

        EndPoint? client = socket.RemoteEndPoint;
        FastRequest request = new(FastConnectionId.Next(), () => client, socket.Dispose);
        request.Begin(input, head);
        if (front.Router.TryRespond(request, out ConcurrencyLimit? limit) is not { } response)
            return false;
        if (!connections.TryTake())
        {
            limit?.Release();
            return false;
        }

        // Closing a socket with bytes that nobody has read would reset the connection.
        LibcSockets.Receive(socket.SafeHandle, input.Span);
        front.Observer.Begin();
        SocketQueue queue = new(socket);
        bool hasBody = !head.IsHead;
        int length = response.LengthOf(hasBody, isLast: true);
        response.Write(queue.Buffers.GetMemory(length).Span, hasBody, request, isLast: true);
        queue.Buffers.Advance(length);
        TimeSpan untilHead = Stopwatch.GetElapsedTime(began);
        if (TrySend(queue) == SendProgress.Done)
            End();
        else
            _ = WaitAsync();
        return true;

        async Task WaitAsync()
        {
            front.Unsent.Begin();
            request.Keep();
            try
            {
                await front.SendRate.WatchAsync(request, SendRestAsync(queue), length, output: null);
            }
            finally
            {
                End();
                front.Unsent.End();
            }
        }

        void End()
        {
            queue.Clear();
            socket.Dispose();
            connections.Release();
            limit?.Release();
            front.Observer.End(request, response.Status, hasBody ? response.BodyLength : 0, untilHead, Stopwatch.GetElapsedTime(began));
        }
    }

    // What a client that is gone has not got needs no sending.
    private static SendProgress TrySend(SocketQueue queue)
    {
        try
        {
            return queue.TrySend();
        }
        catch (ConnectionResetException)
        {
            return SendProgress.Done;
        }
    }

    private static async ValueTask<FlushResult> SendRestAsync(SocketQueue queue)
    {
        try
        {
            do
                await queue.SendPieceAsync(CancellationToken.None);
            while (TrySend(queue) != SendProgress.Done);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The client is gone, or was too slow.
        }

        return default;
    }
}
