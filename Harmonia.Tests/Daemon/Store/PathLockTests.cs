using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Interop;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Store;

public sealed class PathLockTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void Begin() => _directory = new TemporaryDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    [Test]
    public async Task The_lock_is_held_until_it_is_disposed_and_its_file_removed()
    {
        using (await PathLock.TakeAsync(_directory["path"], default))
        {
            using LockFile other = LockFile.Open(_directory["path.lock"]);
            Assert.That(other.TryLockExclusive(), Is.False);
        }

        Assert.That(File.Exists(_directory["path.lock"]), Is.False);
    }

    [Test]
    public async Task A_process_that_waited_for_a_removed_lock_file_notices_the_removal()
    {
        PathLock held = await PathLock.TakeAsync(_directory["path"], default);
        using LockFile waiting = LockFile.Open(_directory["path.lock"]);
        held.Dispose();

        Assert.That(waiting.TryLockExclusive(), Is.True);
        Assert.That(FileStatus.Of(waiting.Handle, waiting.Path).Size, Is.Positive);
    }

    [Test]
    public async Task Only_one_at_a_time_has_it()
    {
        int inside = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                using PathLock held = await PathLock.TakeAsync(_directory["path"], default);
                most = Math.Max(most, Interlocked.Increment(ref inside));
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
        })));

        Assert.That(most, Is.EqualTo(1));
    }
}
