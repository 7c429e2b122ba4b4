using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// Runs the compression jobs: one at a time for each NAR, some NARs at the same time, the others wait. A started job goes on when its clients
/// leave, so that they find the file when they come back.
/// </summary>
internal sealed class CompressionJobs(
    NarCacheDirectory directory, StoredNars stored, FrameMaker frames, NarCacheMetrics metrics, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    // A full disk is seldom empty a moment later, and each attempt may write gigabytes for nothing.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(30);

    // The number of frames bounds the CPU time. This many jobs may wait for the disk, which small NARs mostly do.
    private const int MaxRunning = 32;

    // A client asks for 25 NARs at once. The NARs of more than twenty clients would wait too long.
    private const int MaxActive = 544;

    private readonly Lock _lock = new();
    private readonly Dictionary<NarHash, CompressionJob> _active = [];
    private readonly SemaphoreSlim _running = new(MaxRunning);
    private readonly CancellationTokenSource _stopping = new();
    private long? _failed;

    /// <summary>Whether the last attempt to store a NAR was successful, or failed a while ago.</summary>
    public bool CanStore
    {
        get
        {
            lock (_lock)
                return _failed is not { } failed || time.GetElapsedTime(failed) > PauseAfterFailure;
        }
    }

    /// <summary>Joins the compression job of a NAR, and starts one if there is none. Null if too many are waiting.</summary>
    public CompressionJob? Join(NarSource source)
    {
        lock (_lock)
        {
            if (_active.TryGetValue(source.Hash, out CompressionJob? job) && job.TryJoin())
                return job;
            if (_active.Count >= MaxActive || _stopping.IsCancellationRequested)
                return null;
            job = new CompressionJob(source);
            job.TryJoin();
            _active[source.Hash] = job;
            job.Running = Task.Run(() => RunAsync(job));
            return job;
        }
    }

    /// <summary>Whether a NAR has a compression job.</summary>
    public bool IsActive(NarHash hash)
    {
        lock (_lock)
            return _active.ContainsKey(hash);
    }

    /// <summary>Cancels all jobs.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_lock)
        {
            _stopping.Cancel();
            running = [.. _active.Values.Select(job => job.Running)];
        }

        await Task.WhenAll(running);
        _running.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(CompressionJob job)
    {
        bool isWanted = true;
        try
        {
            await _running.WaitAsync(_stopping.Token);
            try
            {
                isWanted = job.IsWanted();
                if (isWanted)
                    await CompressAsync(job);
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
                NoteNotStored(job.Source, exception);
            }
            else if (exception is not OperationCanceledException)
            {
                metrics.Failed();
                logger.NarNotMade(job.Source.Path.Path.BaseName, exception.Message);
            }

            job.Fail(exception);
        }

        lock (_lock)
        {
            if (_active.GetValueOrDefault(job.Source.Hash) == job)
                _active.Remove(job.Source.Hash);
        }

        if (isWanted)
            job.Leave();
    }

    private async Task CompressAsync(CompressionJob job)
    {
        using TemporaryNar file = directory.Begin();
        job.Begin(file.Handle);
        bool isStored = false;
        try
        {
            await frames.RunAsync(job.Source, ahead: frames.Workers + 1, TakeAsync, _stopping.Token);
            metrics.Made(job.Source.Size, file.Length);
            StoredNar nar = new(job.Source.Hash, file.Finish(), frames.Recipe, file.Length);
            // Waiting for the disk would block a thread of the pool.
            isStored = await Task.Factory.StartNew(() => TryStore(job.Source, file, nar), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            if (!isStored)
                NarCacheDirectory.Remove(file.Path);
        }

        Task TakeAsync(Frame frame, bool isLast)
        {
            file.Append(frame.Output);
            job.Grow(file.Length, isLast);
            return Task.CompletedTask;
        }
    }

    // The clients have all bytes by now, so a failure here affects only later clients.
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
