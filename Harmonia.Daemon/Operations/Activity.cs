using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// What a long operation tells its client while it works, from any number of threads. Everything is sent at once, so a client that has
/// gone away ends the work. Dispose says that it has ended. Nix: src/libutil/include/nix/util/logging.hh, Activity.
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

    /// <summary>A line for the user, if it is important enough for him.</summary>
    public Task LogAsync(LogLevel level, string text, CancellationToken cancellationToken) => InTurnAsync(() => _client.Log(level, text), cancellationToken);

    public Task ReportAsync(ResultType type, IReadOnlyList<ActivityField> fields, CancellationToken cancellationToken) =>
        SendAsync(new StderrMessage.Result(_id, type, fields), cancellationToken);

    /// <summary>Does something with each of many, on all cores, and tells after each how many are done.</summary>
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

    /// <summary>Counts one more that is not as it should be.</summary>
    public Task FailAsync(CancellationToken cancellationToken) => SendProgressAsync(() => _failed++, cancellationToken);

    /// <summary>The session sends it with what comes next.</summary>
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
