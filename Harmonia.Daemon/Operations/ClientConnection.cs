using System.Net.Sockets;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>A client's connection after the handshake: where its requests come from, and where replies and log messages go.</summary>
internal sealed class ClientConnection(WireReader reader, WireWriter writer, MessageContext messages, Trust trust)
{
    /// <summary>How often a long operation checks that the client is still there.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    public WireReader Reader { get; } = reader;

    /// <summary>For replies, after <see cref="BeginReply"/>, and for messages before them.</summary>
    public WireWriter Writer { get; } = writer;

    /// <summary>The protocol version and the features that both sides agreed on.</summary>
    public MessageContext Messages { get; } = messages;

    public Trust Trust { get; } = trust;

    /// <summary>The options that the client sent last. They contain only the overrides that the client may set.</summary>
    public ClientOptions Options { get; set; } = new();

    /// <summary>Whether the client has closed the connection.</summary>
    public required Func<bool> HasPeerHungUp { get; init; }

    /// <summary>Whether the client was told that its request succeeded. Only the reply may follow then, no message and no error.</summary>
    public bool IsReplying { get; private set; }

    /// <summary>Prepares for the next request.</summary>
    public void BeginRequest()
    {
        IsReplying = false;
        Reader.BeginMessage(WireLimits.Request);
    }

    /// <summary>Tells the client that its request succeeded. The caller writes the reply, if there is one; the session flushes it.</summary>
    public WireWriter BeginReply()
    {
        Send(StderrMessage.Last.Instance);
        IsReplying = true;
        return Writer;
    }

    /// <summary>Writes a message that comes before the reply.</summary>
    public void Send(StderrMessage message) => StderrCodec.Write(Writer, Messages.Version, message);

    /// <summary>Sends the user a line of log, unless the client's verbosity is lower.</summary>
    public void Log(LogLevel level, string text)
    {
        if (level <= Options.Verbosity)
        {
            string prefix = level == LogLevel.Warn ? "warning: " : "";
            Send(new StderrMessage.Next($"{prefix}{text}\n"));
        }
    }

    /// <summary>Runs a long operation and cancels it when the client hangs up.</summary>
    /// <exception cref="IOException">The client hung up.</exception>
    public async Task<T> WhileConnectedAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        // The replies to earlier requests must not wait for this one.
        await Writer.FlushAsync(cancellationToken);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T> running = work(end.Token);
        while (!running.IsCompleted)
        {
            await ((Task)running).WaitAsync(CheckInterval, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!running.IsCompleted && HasPeerHungUp())
            {
                await end.CancelAsync();
                await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new IOException("the client hung up", new SocketException((int)SocketError.ConnectionReset));
            }
        }

        return await running;
    }
}
