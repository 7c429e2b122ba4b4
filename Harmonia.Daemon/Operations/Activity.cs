using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Reports the progress of a long operation to its client; any number of threads may report. Each message is flushed, so the work fails
/// when the client is gone. Dispose ends the activity. Nix: src/libutil/include/nix/util/logging.hh, Activity.
/// </summary>
internal sealed class Activity : IDisposable
{
    private static uint _last;

    private readonly ClientConnection _client;
    private readonly ulong _id = ((ulong)Environment.ProcessId << 32) + Interlocked.Increment(ref _last);
    private readonly SemaphoreSlim _turn = new(1);
    private ulong _done;
    private ulong _expected;
    private ulong _failed;

    private Activity(ClientConnection client) => _client = client;

    public static async Task<Activity> StartAsync(ClientConnection client, ActivityType type, CancellationToken cancellationToken)
    {
        Activity activity = new(client);
        await activity.SendAsync(new StderrMessage.StartActivity(activity._id, LogLevel.Error, type, "", [], 0), cancellationToken);
        return activity;
    }

    /// <summary>Sends the user a line of log, unless the client's verbosity is lower.</summary>
    public Task LogAsync(LogLevel level, string text, CancellationToken cancellationToken) => InTurnAsync(() => _client.Log(level, text), cancellationToken);

    public Task ReportAsync(ResultType type, IReadOnlyList<ActivityField> fields, CancellationToken cancellationToken) =>
        SendAsync(new StderrMessage.Result(_id, type, fields), cancellationToken);

    /// <summary>Runs the work for each item on all cores, and reports the progress after each.</summary>
    public async Task ForEachAsync<T>(IAsyncEnumerable<T> items, int count, Func<T, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await SendProgressAsync(() => (_done, _expected) = (0, (ulong)count), cancellationToken);
        ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(items, options, async (item, stop) =>
        {
            await work(item, stop);
            await SendProgressAsync(() => _done++, stop);
        });
    }

    /// <summary>Counts one more failure.</summary>
    public Task FailAsync(CancellationToken cancellationToken) => SendProgressAsync(() => _failed++, cancellationToken);

    /// <summary>Writes the end of the activity; the session flushes it with the reply.</summary>
    public void Dispose()
    {
        Write(new StderrMessage.StopActivity(_id));
        _turn.Dispose();
    }

    private Task SendProgressAsync(Action change, CancellationToken cancellationToken) => InTurnAsync(
        () =>
        {
            change();
            Write(new StderrMessage.Result(_id, ResultType.Progress, [_done, _expected, 0UL, _failed]));
        },
        cancellationToken);

    private Task SendAsync(StderrMessage message, CancellationToken cancellationToken) => InTurnAsync(() => Write(message), cancellationToken);

    private void Write(StderrMessage message) => _client.Send(message);

    private async Task InTurnAsync(Action write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            write();
            await _client.Writer.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }
}
