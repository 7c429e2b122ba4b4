using Microsoft.Extensions.ObjectPool;

namespace Harmonia.Protocol.Client;

/// <summary>
/// Connections to one daemon, shared by many callers. A caller gets a connection that is in step, for one operation. A connection that is
/// not in step afterwards, because the operation was cancelled or failed half-way, is closed.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="DaemonPoolOptions.MaxConnections"/> limits the connections in use. Further callers wait and are served in the order in which they
/// came; each can cancel by its token. Callers wait for a permit and not for a connection, so a cancelled wait leaks nothing.
/// </para>
/// <para>
/// Idle connections are in an <see cref="ObjectPool{T}"/>. It hands out the most recent one first, then the others in the order in which
/// they came back. A connection is closed after <see cref="DaemonPoolOptions.IdleExpiry"/> without use. When one connection is found
/// dead, for example after a restart of the daemon, all dead ones are closed.
/// </para>
/// <para>
/// Sometimes a reused connection turns out to be dead only when it is used. If no byte of a reply has arrived, the operation runs once
/// more on a new connection. Operations must therefore be repeatable; all operations of <see cref="DaemonClient"/> are.
/// </para>
/// </remarks>
public sealed class DaemonPool : IAsyncDisposable
{
    /// <summary>The name of the meter of the pool.</summary>
    public const string MeterName = "Harmonia.Protocol.Client";

    private readonly DaemonConnector _connector;
    private readonly DaemonPoolOptions _options;
    private readonly DaemonPoolMetrics _metrics;
    private readonly PooledConnectionPolicy _policy;
    private readonly ObjectPool<PooledConnection> _places;
    private readonly ITimer _sweeper;
    private readonly CancellationTokenSource _disposing = new();

    // Gives a released permit to the caller that has waited longest, never to a newcomer.
    private readonly SemaphoreSlim _permits;

    /// <summary>Creates an empty pool. The first operation opens the first connection.</summary>
    public DaemonPool(DaemonConnector connector, DaemonPoolOptions options)
    {
        (_connector, _options) = (connector, options);
        _permits = new SemaphoreSlim(options.MaxConnections);
        _metrics = new DaemonPoolMetrics(() => options.MaxConnections - _permits.CurrentCount);
        _policy = new PooledConnectionPolicy(options, _metrics);

        // The places are disposable, so this makes an object pool that disposes what it does not keep.
        _places = new DefaultObjectPoolProvider { MaximumRetained = options.MaxConnections }.Create(_policy);
        _sweeper = options.TimeProvider.CreateTimer(
            static pool => ((DaemonPool)pool!).CloseUnusable(), this, options.IdleExpiry, options.IdleExpiry / 2);
    }

    /// <summary>Runs an operation on a connection of its own. The client must not be used after the operation has ended.</summary>
    /// <exception cref="DaemonUnavailableException">No connection could be opened.</exception>
    /// <exception cref="DaemonPoolExhaustedException">All connections were in use for too long.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed, before or during the operation.</exception>
    public async Task<T> RunAsync<T>(
        Func<DaemonClient, CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        long started = _options.TimeProvider.GetTimestamp();
        await AcquirePermitAsync(started, cancellationToken);
        PooledConnection? place = null;
        try
        {
            // An operation that disposing has broken off may have left its permit to a caller that waited.
            ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
            place = Take();
            for (bool reused = place.Client is not null; ; reused = false)
            {
                DaemonClient client = place.Client ??= await ConnectAsync(cancellationToken);
                _metrics.Acquired(reused, _options.TimeProvider.GetElapsedTime(started));
                client.HasAnswered = false;
                using CancellationTokenRegistration abort =
                    _disposing.Token.UnsafeRegister(static aborted => ((DaemonClient)aborted!).Abort(), client);
                try
                {
                    return await operation(client, cancellationToken);
                }
                catch (IOException exception) when (_disposing.IsCancellationRequested)
                {
                    throw new ObjectDisposedException("The pool of connections to the Nix daemon was disposed.", exception);
                }
                catch (IOException) when (reused && client is { WasLostUnanswered: true, HasAnswered: false })
                {
                    // The others are probably as dead, so the second attempt does not begin with one of them.
                    CloseBroken(place);
                }
            }
        }
        finally
        {
            if (place is not null)
                GiveBack(place, cancellationToken);
            _permits.Release();
        }
    }

    /// <summary>
    /// Closes all connections. Waiting callers and running operations get an <see cref="ObjectDisposedException"/>. Returns when the last of
    /// them has ended.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposing.IsCancellationRequested)
            return;
        await _disposing.CancelAsync();
        await _sweeper.DisposeAsync();
        for (int permit = 0; permit < _options.MaxConnections; permit++)
            await _permits.WaitAsync(CancellationToken.None);
        (_places as IDisposable)?.Dispose();
        _metrics.Dispose();
        _permits.Dispose();
        _disposing.Dispose();
    }

    private ValueTask AcquirePermitAsync(long started, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
        cancellationToken.ThrowIfCancellationRequested();
        return _permits.Wait(TimeSpan.Zero, CancellationToken.None)
            ? ValueTask.CompletedTask
            : new ValueTask(WaitForPermitAsync(started, cancellationToken));
    }

    private async Task WaitForPermitAsync(long started, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(_options.AcquireTimeout, _options.TimeProvider);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _disposing.Token, cancellationToken);
        try
        {
            await _permits.WaitAsync(any.Token);
        }
        catch (OperationCanceledException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
            _metrics.AcquireTimedOut(_options.TimeProvider.GetElapsedTime(started));
            throw new DaemonPoolExhaustedException(
                $"All {_options.MaxConnections} connections to the Nix daemon were in use for {_options.AcquireTimeout.TotalSeconds} s.",
                exception);
        }
    }

    private PooledConnection Take()
    {
        PooledConnection place = _places.Get();
        place.IsIdle = false;
        if (place.Client is not null && _policy.IsExpired(place))
            place.Close();
        else if (place.Client is { IsQuiet: false })
            CloseBroken(place);
        return place;
    }

    private async Task<DaemonClient> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            DaemonClient client = await _connector.ConnectAsync(cancellationToken);
            client.Metrics = _metrics;
            _metrics.Created(success: true);
            return client;
        }
        catch (DaemonUnavailableException)
        {
            _metrics.Created(success: false);
            throw;
        }
    }

    private void GiveBack(PooledConnection place, CancellationToken cancellationToken)
    {
        if (place.Client is { IsInStep: false })
        {
            if (cancellationToken.IsCancellationRequested)
                _metrics.Interrupted();
            else
                _metrics.Broken();
        }

        place.LastUsed = _options.TimeProvider.GetTimestamp();
        _places.Return(place);
    }

    private void CloseBroken(PooledConnection place)
    {
        place.Close();
        _metrics.Broken();
        CloseUnusable();
    }

    /// <summary>
    /// Closes the idle connections that have expired or are dead. It takes each of them with a permit, as a caller does, so that the limit
    /// holds meanwhile.
    /// </summary>
    private void CloseUnusable()
    {
        List<PooledConnection> usable = new();
        int permits = 0;
        while (_permits.Wait(TimeSpan.Zero))
        {
            permits++;
            PooledConnection place = _places.Get();
            if (place.Client is null)
                break;
            bool expired = _policy.IsExpired(place);
            if (!expired && place.Client.IsQuiet)
            {
                usable.Add(place);
            }
            else
            {
                if (!expired)
                    _metrics.Broken();
                place.Dispose();
            }
        }

        foreach (PooledConnection place in usable)
            _places.Return(place);
        if (permits > 0)
            _permits.Release(permits);
    }
}
