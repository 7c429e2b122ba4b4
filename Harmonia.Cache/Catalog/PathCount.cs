using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// The number of paths in the store, for the landing page. Asked in the background, at most every ten minutes, since the daemon answers
/// with all of their names. No request waits for it. Owns the question in progress and cancels it.
/// </summary>
public sealed class PathCount(IStoreCatalog catalog, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _question = Task.CompletedTask;
    private long? _asked;
    private volatile object? _count;

    /// <summary>The last answer, null before the first. Asks again in the background if it is old.</summary>
    public int? Latest
    {
        get
        {
            lock (_lock)
            {
                bool isDue = _asked is not { } asked || time.GetElapsedTime(asked) >= Interval;
                if (isDue && _question.IsCompleted && !_stopping.IsCancellationRequested)
                {
                    _asked = time.GetTimestamp();
                    _question = AskAsync();
                }
            }

            return (int?)_count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _question;
        _stopping.Dispose();
    }

    private async Task AskAsync()
    {
        try
        {
            _count = await Task.Run(() => catalog.CountAsync(_stopping.Token).AsTask(), _stopping.Token);
        }
        catch (Exception exception) when (exception is IOException or RemoteErrorException or TimeoutException or OperationCanceledException)
        {
            // The catalog has logged the reason; the old number stays until the next attempt.
        }
    }
}
