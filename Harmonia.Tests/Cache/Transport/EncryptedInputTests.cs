using System.IO.Pipelines;
using Harmonia.Cache.Transport;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Transport;

/// <summary>Which thread reads what a client of TLS sends.</summary>
public sealed class EncryptedInputTests
{
    private Pipe _pipe = null!;
    private EncryptedInput _input = null!;

    [SetUp]
    public void Start()
    {
        _pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline));
        _input = new EncryptedInput(_pipe.Reader);
    }

    [Test]
    public void A_handshake_continues_on_a_thread_that_may_block() => Assert.That(ReadsOnPool, Is.True);

    [Test]
    public void After_the_handshake_reading_stays_on_the_thread_that_polled()
    {
        Assert.That(ReadsOnPool, Is.True);
        _input.EndHandshake();

        Assert.That(ReadsOnPool, Is.False);
    }

    // Whether the code that waits for input continues on the pool if another thread brings it.
    private bool ReadsOnPool()
    {
        // NUnit's synchronization context would always continue on the pool.
        SynchronizationContext.SetSynchronizationContext(null);
        Task<bool> read = ReadAsync();
        Thread polling = new(() => _pipe.Writer.WriteAsync(new byte[1]).AsTask().GetAwaiter().GetResult());
        polling.Start();
        Assert.That(read.Wait(TimeSpan.FromMinutes(1)));
        polling.Join();
        return read.Result;
    }

    private async Task<bool> ReadAsync()
    {
        ReadResult result = await _input.ReadAsync();
        bool isOnPool = Thread.CurrentThread.IsThreadPoolThread;
        _input.AdvanceTo(result.Buffer.End);
        return isOnPool;
    }
}
