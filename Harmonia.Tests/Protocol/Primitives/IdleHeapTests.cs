using Harmonia.Protocol.Primitives;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Primitives;

public sealed class IdleHeapTests
{
    private const int Burst = 100 << 20;

    private readonly List<string> _done = [];
    private FakeTime _time = null!;
    private IdleHeap _heap = null!;
    private TimeSpan _processorTime;
    private long _allocated;
    private long _heapSize;
    private long _uses;

    [SetUp]
    public void Make()
    {
        _done.Clear();
        (_processorTime, _allocated, _heapSize, _uses, _time) = (TimeSpan.Zero, 0, 0, 0, new FakeTime());
        _heap = new IdleHeap(_time, () => _uses, () => _done.Add("shrunk"), new IdleProcess
        {
            ProcessorTime = () => _processorTime,
            Allocated = () => _allocated,
            HeapSize = () => _heapSize,
            Collect = () => _done.Add("collected"),
        });
    }

    [TearDown]
    public void Dispose() => _heap.Dispose();

    [Test]
    public void An_idle_process_gives_back_once_what_it_allocated_and_later_what_it_kept_to_be_quick()
    {
        (_allocated, _uses) = (Burst, 1);
        _time.Advance(2 * IdleHeap.Period);

        Assert.That(_done, Is.EqualTo(new[] { "collected" }));
        _time.Advance(10 * IdleHeap.UnusedPeriods * IdleHeap.Period);
        Assert.That(_done, Is.EqualTo(new[] { "collected", "shrunk", "collected" }));
    }

    [Test]
    public void A_busy_process_keeps_its_memory_until_it_is_idle()
    {
        _allocated = Burst;
        for (int i = 0; i < 3; i++)
        {
            _processorTime += IdleHeap.IdleTime;
            _time.Advance(IdleHeap.Period);
        }

        Assert.That(_done, Is.Empty);
        _time.Advance(IdleHeap.Period);
        Assert.That(_done, Is.EqualTo(new[] { "collected" }));
    }

    [Test]
    public void What_is_used_now_and_then_is_kept()
    {
        (_allocated, _uses) = (Burst, 1);
        for (int i = 0; i < 100; i++)
        {
            _time.Advance((IdleHeap.UnusedPeriods - 1) * IdleHeap.Period);
            _uses++;
        }

        Assert.That(_done, Is.EqualTo(new[] { "collected" }));
    }

    [Test]
    public void What_was_used_again_is_dropped_again()
    {
        for (int i = 0; i < 2; i++)
        {
            _uses++;
            _time.Advance((1 + IdleHeap.UnusedPeriods) * IdleHeap.Period);
        }

        Assert.That(_done, Is.EqualTo(new[] { "shrunk", "collected", "shrunk", "collected" }));
    }

    [TestCase(IdleHeap.WorthCollecting - 1, 0)]
    [TestCase(Burst - 1, Burst)]
    public void A_process_that_has_little_garbage_for_its_size_is_left_alone(long allocated, long heapSize)
    {
        (_allocated, _heapSize) = (allocated, heapSize);
        _time.Advance(10 * IdleHeap.Period);

        Assert.That(_done, Is.Empty);
    }
}
