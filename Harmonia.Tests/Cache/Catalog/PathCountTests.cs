using System.Threading.Channels;
using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

public sealed class PathCountTests
{
    private readonly FakeTime _time = new();

    [Test]
    public async Task Asking_never_waits_and_an_answer_stays_for_ten_minutes()
    {
        SlowCatalog catalog = new();
        await using PathCount count = new(catalog, _time);

        Assert.That(count.Latest, Is.Null);
        await catalog.AnswerAsync(12);
        await Patience.UntilAsync(() => count.Latest == 12);
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.That(count.Latest, Is.EqualTo(12));
        Assert.That(catalog.Questions, Is.EqualTo(1));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(count.Latest, Is.EqualTo(12));
        await catalog.AnswerAsync(13);
        await Patience.UntilAsync(() => count.Latest == 13);
        Assert.That(catalog.Questions, Is.EqualTo(2));
    }

    [Test]
    public async Task Only_one_question_is_under_way()
    {
        SlowCatalog catalog = new();
        await using PathCount count = new(catalog, _time);

        Assert.That(count.Latest, Is.Null);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(count.Latest, Is.Null);

        await catalog.AnswerAsync(1);
        await Patience.UntilAsync(() => catalog.Questions == 1 && count.Latest == 1);
    }

    [Test]
    public async Task A_failure_keeps_the_last_answer()
    {
        SlowCatalog catalog = new();
        await using PathCount count = new(catalog, _time);
        _ = count.Latest;
        await catalog.AnswerAsync(12);
        await Patience.UntilAsync(() => count.Latest == 12);

        _time.Advance(TimeSpan.FromMinutes(10));
        _ = count.Latest;
        await catalog.FailAsync(new IOException("away"));
        _time.Advance(TimeSpan.FromMinutes(10));
        await Patience.UntilAsync(() => count.Latest == 12 && catalog.Questions == 3);
    }

    [Test]
    public async Task The_end_does_not_wait_for_the_daemon()
    {
        SlowCatalog catalog = new();
        PathCount count = new(catalog, _time);
        _ = count.Latest;

        await count.DisposeAsync().AsTask().InTime();
    }

    /// <summary>Answers one question at a time, when it is told to.</summary>
    private sealed class SlowCatalog : IStoreCatalog
    {
        private readonly Channel<bool> _asked = Channel.CreateUnbounded<bool>();
        private TaskCompletionSource<int> _answer = new();
        private int _questions;

        public int Questions => Volatile.Read(ref _questions);

        public async Task AnswerAsync(int count)
        {
            await _asked.Reader.ReadAsync().AsTask().InTime();
            Next().SetResult(count);
        }

        public async Task FailAsync(Exception exception)
        {
            await _asked.Reader.ReadAsync().AsTask().InTime();
            Next().SetException(exception);
        }

        public ValueTask<int> CountAsync(CancellationToken cancellationToken)
        {
            TaskCompletionSource<int> answer = Volatile.Read(ref _answer);
            Interlocked.Increment(ref _questions);
            _asked.Writer.TryWrite(true);
            return new ValueTask<int>(answer.Task.WaitAsync(cancellationToken));
        }

        public ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ListAsync(Action<StorePathHash> found, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<FirstPaths> FindReferrersAsync(StorePath path, int max, CancellationToken cancellationToken) =>
            ValueTask.FromException<FirstPaths>(new NotSupportedException());

        public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        private TaskCompletionSource<int> Next() => Interlocked.Exchange(ref _answer, new TaskCompletionSource<int>());
    }
}
