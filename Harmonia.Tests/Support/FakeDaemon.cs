using System.Collections.Concurrent;
using System.Net.Sockets;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Store;

namespace Harmonia.Tests.Support;

/// <summary>
/// A daemon on a real Unix socket whose every connection follows a script. A script that fails, other than by the loss of its
/// connection, fails the test when the daemon is disposed.
/// </summary>
public sealed class FakeDaemon : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Func<FakeSession, CancellationToken, Task> _script;
    private readonly ConcurrentQueue<Exception> _failures = new();
    private Socket? _listener;
    private CancellationTokenSource _stopping = new();
    private Task _accepting = Task.CompletedTask;
    private int _accepted;

    /// <param name="script">
    /// Runs for each connection, after the handshake if there is one; the connection is closed when it ends. Null answers queries
    /// as <see cref="FakeStore"/> says.
    /// </param>
    public FakeDaemon(Func<FakeSession, CancellationToken, Task>? script = null) => _script = script ?? FakeStore.ServeAsync;

    /// <summary>What a harmonia-daemon says in the handshake.</summary>
    public static ServerHandshakeOptions Harmonia { get; } = new()
    {
        NixVersion = "2.34.8",
        Trust = Trust.NotTrusted,
        Features = new FeatureSet([ProtocolFeatures.HarmoniaCache, ProtocolFeatures.HarmoniaChanges]),
    };

    public string SocketPath => _directory["socket"];

    /// <summary>What is said in the handshake; null leaves it to the script.</summary>
    public ServerHandshakeOptions? Handshake { get; init; } = new() { NixVersion = "2.34.8", Trust = Trust.NotTrusted };

    /// <summary>How many connections it has had.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Opens connections to it, waiting as long as it takes unless there is a clock.</summary>
    public DaemonConnector Connector(TimeProvider? time = null) =>
        new(new DaemonConnectorOptions { SocketPath = SocketPath, TimeProvider = time ?? new FakeTime() });

    /// <summary>A pool of connections to it.</summary>
    public DaemonPool Pool(int maxConnections, FakeTime? time = null)
    {
        time ??= new FakeTime();
        return new DaemonPool(Connector(time), new DaemonPoolOptions { MaxConnections = maxConnections, TimeProvider = time });
    }

    public static FakeDaemon Started(Func<FakeSession, CancellationToken, Task>? script = null)
    {
        FakeDaemon daemon = new(script);
        daemon.Start();
        return daemon;
    }

    public void Start()
    {
        _stopping = new CancellationTokenSource();
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen(128);
        _accepting = AcceptAsync(_listener, _stopping.Token);
    }

    /// <summary>Closes the socket and every connection, as a daemon that is killed; returns when their scripts have ended.</summary>
    public async Task KillAsync()
    {
        await _stopping.CancelAsync();
        _listener?.Dispose();
        await _accepting;
        _stopping.Dispose();
        File.Delete(SocketPath);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _directory.Dispose();
        if (!_failures.IsEmpty)
            throw new AggregateException("The script of a fake daemon failed.", _failures);
    }

    private async Task AcceptAsync(Socket listener, CancellationToken cancellationToken)
    {
        List<Task> sessions = new();
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptAsync(cancellationToken);
                sessions.Add(RunAsync(new FakeSession(Interlocked.Increment(ref _accepted) - 1, socket, StoreDirectory.Default), cancellationToken));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task RunAsync(FakeSession session, CancellationToken cancellationToken)
    {
        using (session)
        {
            try
            {
                await Task.Yield();
                if (Handshake is not null)
                    await session.ShakeHandsAsync(Handshake, cancellationToken);
                await _script(session, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The client left, or the daemon was killed.
            }
            catch (Exception exception)
            {
                _failures.Enqueue(exception);
            }
        }
    }
}
