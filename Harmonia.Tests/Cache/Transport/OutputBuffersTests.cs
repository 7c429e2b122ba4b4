using Harmonia.Cache.Transport;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Transport;

public sealed class OutputBuffersTests
{
    [FsCheck.NUnit.Property]
    public void Bytes_leave_in_the_order_they_came_however_they_are_cut(int[] steps)
    {
        OutputBuffers buffers = new();
        List<byte> sent = new();
        int written = 0;
        foreach (int step in steps)
        {
            if (step % 2 == 0)
            {
                Span<byte> room = buffers.GetMemory(Math.Abs(step % 9000)).Span;
                Assert.That(room.Length, Is.GreaterThanOrEqualTo(Math.Max(1, Math.Abs(step % 9000))));
                int count = Math.Min(room.Length, Math.Abs(step % 5000));
                for (int index = 0; index < count; index++)
                    room[index] = (byte)written++;
                buffers.Advance(count);
            }
            else
            {
                Send(buffers, sent, Math.Abs(step % 7000));
            }

            Assert.That(buffers.Length, Is.EqualTo(written - sent.Count));
        }

        while (buffers.Length > 0)
            Send(buffers, sent, int.MaxValue);
        Assert.That(sent, Is.EqualTo(Enumerable.Range(0, written).Select(index => (byte)index)));
        Assert.That(buffers.First.Length, Is.Zero);
    }

    [Test]
    public void A_removed_entry_is_never_returned()
    {
        OutputBuffers buffers = new();
        foreach (int length in (int[])[5000, 5000, 1])
        {
            buffers.GetMemory(length).Span.Fill(1);
            buffers.Advance(length);
        }

        buffers.Sent(10);
        buffers.Clear();
        buffers.GetMemory(1).Span[0] = 2;
        buffers.Advance(1);

        Assert.That(buffers.First.ToArray(), Is.EqualTo(new byte[] { 2 }));
        Assert.That(buffers.Length, Is.EqualTo(1));
    }

    [Test]
    public void Nobody_advances_beyond_the_room()
    {
        OutputBuffers buffers = new();
        int room = buffers.GetMemory(1).Length;

        Assert.That(() => buffers.Advance(room + 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => buffers.Advance(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static void Send(OutputBuffers buffers, List<byte> sent, int count)
    {
        ReadOnlySpan<byte> first = buffers.First.Span;
        first = first[..Math.Min(first.Length, count)];
        sent.AddRange(first);
        buffers.Sent(first.Length);
    }
}
