using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// The NARs that are being compressed and stored: each once at a time, some at once, others waiting. What has begun goes on when its
/// clients leave, so that they find it when they come back.
/// </summary>
internal sealed class CompressionJobs(
    NarCacheDirectory directory, StoredNars stored, FrameMaker frames, NarCacheMetrics metrics, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    // A full disk is seldom empty a moment later, and each attempt may write gigabytes in vain.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(30);

    // What the processor takes is bounded by frames. This many may wait for the disk, for which small ones mostly do.
    private const int MaxRunning = 32;

    // A client asks for 25 NARs at once; more than twenty clients' worth would wait for too long.
    private const int MaxActive = 544;

    private readonly Lock _lock = new();
    private readonly Dictionary<NarHash, CompressionJob> _active = [];
    private readonly SemaphoreSlim _running = new(MaxRunning);
    private readonly CancellationTokenSource _stopping = new();
    private long? _failed;

    /// <summary>Whether the disk took what was to be stored last, or that is a while ago.</summary>
    public bool CanStore
    {
        get
        {
            lock (_lock)
                return _failed is not { } failed || time.GetElapsedTime(failed) > PauseAfterFailure;
        }
    }

    /// <summary>Takes part in the making of a NAR, which begins if it has not yet. Null when too many wait.</summary>
    public CompressionJob? Join(NarSource source)
    {
        lock (_lock)
        {
            if (_active.TryGetValue(source.Hash, out CompressionJob? making) && making.TryJoin())
                return making;
            if (_active.Count >= MaxActive || _stopping.IsCancellationRequested)
                return null;
            making = new CompressionJob(source);
            making.TryJoin();
            _active[source.Hash] = making;
            making.Running = Task.Run(() => RunAsync(making));
            return making;
        }
    }

    /// <summary>Whether a NAR is being made.</summary>
    public bool IsActive(NarHash hash)
    {
        lock (_lock)
            return _active.ContainsKey(hash);
    }

    /// <summary>Breaks off what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] underWay;
        lock (_lock)
        {
            _stopping.Cancel();
            underWay = [.. _active.Values.Select(making => making.Running)];
        }

        await Task.WhenAll(underWay);
        _running.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(CompressionJob making)
    {
        bool isWanted = true;
        try
        {
            await _running.WaitAsync(_stopping.Token);
            try
            {
                isWanted = making.IsWanted();
                if (isWanted)
                    await MakeAsync(making);
            }
            finally
            {
                _running.Release();
            }
        }
        catch (Exception exception)
        {
            if (exception is NotStoredException)
            {
                NoteNotStored(making.Source, exception);
            }
            else if (exception is not OperationCanceledException)
            {
                metrics.Failed();
                logger.NarNotMade(making.Source.Path.Path.BaseName, exception.Message);
            }

            making.Fail(exception);
        }

        lock (_lock)
        {
            if (_active.GetValueOrDefault(making.Source.Hash) == making)
                _active.Remove(making.Source.Hash);
        }

        if (isWanted)
            making.Leave();
    }

    private async Task MakeAsync(CompressionJob making)
    {
        using TemporaryNar file = directory.Begin();
        making.Begin(file.Handle);
        bool isStored = false;
        try
        {
            await frames.RunAsync(making.Source, ahead: frames.Workers + 1, TakeAsync, _stopping.Token);
            metrics.Made(making.Source.Size, file.Length);
            StoredNar nar = new(making.Source.Hash, file.Finish(), frames.Recipe, file.Length);
            // Waiting for the disk would keep a thread of the pool from all else.
            isStored = await Task.Factory.StartNew(() => TryStore(making.Source, file, nar), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            if (!isStored)
                NarCacheDirectory.Remove(file.Path);
        }

        Task TakeAsync(Frame frame, bool isLast)
        {
            file.Append(frame.Output);
            making.Grow(file.Length, isLast);
            return Task.CompletedTask;
        }
    }

    // Clients have all they need by now, so this fails for nobody but the next.
    private bool TryStore(NarSource source, TemporaryNar file, StoredNar nar)
    {
        try
        {
            stored.Store(file, nar);
            logger.NarStored(source.Path.Path.BaseName, nar.Size, source.Size);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NoteNotStored(source, exception);
            return false;
        }
    }

    private void NoteNotStored(NarSource source, Exception exception)
    {
        lock (_lock)
            _failed = time.GetTimestamp();
        metrics.Failed();
        logger.NarNotStored(source.Path.Path.BaseName, exception.Message, PauseAfterFailure.TotalSeconds);
    }
}
