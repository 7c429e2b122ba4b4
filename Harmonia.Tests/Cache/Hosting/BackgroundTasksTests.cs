using Harmonia.Cache.Hosting;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

public sealed class BackgroundTasksTests
{
    private TaskCompletionSource _failed = null!;
    private CapturedLog _log = null!;
    private BackgroundTasks _tasks = null!;

    [SetUp]
    public void Make()
    {
        (_log, _failed) = (new CapturedLog(), new TaskCompletionSource());
        _tasks = new BackgroundTasks(_failed.SetResult, _log.For<BackgroundTasks>());
    }

    [TearDown]
    public void Dispose()
    {
        _tasks.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task A_task_that_fails_is_in_the_log_and_stops_the_server()
    {
        _tasks.Start("reload", _ => throw new InvalidOperationException("no more"));

        await _failed.Task.InTime();
        Assert.That(_tasks.HasFailed);
        Assert.That((await _log.WaitForAsync(107)).Message, Is.EqualTo("The reload has failed; the cache stops"));
    }

    [Test]
    public async Task Stopping_cancels_the_tasks_and_waits_for_them()
    {
        bool isEnded = false;
        _tasks.Start("check", async token =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                await Task.Yield();
                isEnded = true;
            }
        });
        await _tasks.StopAsync(CancellationToken.None).InTime();

        Assert.That((isEnded, _failed.Task.IsCompleted, _tasks.HasFailed), Is.EqualTo((true, false, false)));
        Assert.That(_log.Entries, Is.Empty);
    }

    [Test]
    public async Task Stopping_does_not_wait_longer_than_asked_for_a_task_that_goes_on()
    {
        TaskCompletionSource file = new();
        _tasks.Start("reload", _ => file.Task);
        using CancellationTokenSource drain = new();

        Task stopped = _tasks.StopAsync(drain.Token);
        bool isEarly = stopped.IsCompleted;
        await drain.CancelAsync();
        await stopped.InTime();
        file.SetResult();

        Assert.That(isEarly, Is.False);
    }
}
