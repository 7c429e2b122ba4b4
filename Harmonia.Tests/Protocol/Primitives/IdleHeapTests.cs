using Harmonia.Protocol.Primitives;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Primitives;

public sealed class IdleHeapTests
{
    private readonly List<string> _done = [];
    private FakeTime _time = null!;
    private IdleHeap _heap = null!;
    private TimeSpan _processorTime;
    private long _allocated;

    [SetUp]
    public void Make()
    {
        _done.Clear();
        (_processorTime, _allocated, _time) = (TimeSpan.Zero, 0, new FakeTime());
        _heap = new IdleHeap(_time, () => _done.Add("shrunk"), () => _processorTime, () => _allocated, () => _done.Add("collected"));
    }

    [TearDown]
    public void Dispose() => _heap.Dispose();

    [Test]
    public void An_idle_process_gives_back_once_what_it_allocated()
    {
        _allocated = 100 << 20;
        _time.Advance(3 * IdleHeap.Period);

        Assert.That(_done, Is.EqualTo(new[] { "shrunk", "collected" }));
    }

    [Test]
    public void A_busy_process_keeps_its_memory_until_it_is_idle()
    {
        _allocated = 100 << 20;
        for (int i = 0; i < 3; i++)
        {
            _processorTime += IdleHeap.IdleTime;
            _time.Advance(IdleHeap.Period);
        }

        Assert.That(_done, Is.Empty);
        _time.Advance(IdleHeap.Period);
        Assert.That(_done, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_process_that_hardly_allocates_is_left_alone()
    {
        _allocated = IdleHeap.WorthCollecting - 1;
        _time.Advance(3 * IdleHeap.Period);

        Assert.That(_done, Is.Empty);
    }
}
