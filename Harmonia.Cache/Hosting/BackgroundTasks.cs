using Harmonia.Cache.Metrics;

namespace Harmonia.Cache.Hosting;

/// <summary>What the server does besides serving. Owns the tasks: <see cref="StopAsync"/> cancels them.</summary>
/// <param name="failed">Called when one has failed in a way that it does not handle. The server must stop, as it can't do its work.</param>
/// <param name="logger">Says which one, and why.</param>
public sealed class BackgroundTasks(Action failed, ILogger<BackgroundTasks> logger) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _tasks = [];
    private volatile bool _hasFailed;

    /// <summary>Whether one has failed.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>Starts one.</summary>
    /// <param name="name">For the log.</param>
    /// <param name="run">Runs until the token is canceled, or until it is done.</param>
    public void Start(string name, Func<CancellationToken, Task> run) => _tasks.Add(Task.Run(() => RunAsync(name, run)));

    /// <summary>Cancels all, and waits until they have ended or the token is canceled: one may be reading a file that does not come.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_tasks).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(string name, Func<CancellationToken, Task> run)
    {
        try
        {
            await run(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // As asked.
        }
        catch (Exception exception)
        {
            _hasFailed = true;
            logger.BackgroundTaskFailed(name, exception);
            failed();
        }
    }
}
