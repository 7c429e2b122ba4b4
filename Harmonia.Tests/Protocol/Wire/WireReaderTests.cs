using System.IO.Pipelines;
using System.Text;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Wire;

public sealed class WireReaderTests
{
    private const int Any = 1 << 20;

    [Test]
    public async Task Integers_are_eight_bytes_little_endian()
    {
        using WireReader reader = Over([0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01]);

        Assert.That(await reader.ReadUInt64Async(default), Is.EqualTo(0x0123456789abcdef));
    }

    [Test]
    public async Task Narrow_integers_accept_their_largest_value()
    {
        using WireReader reader = Over(new WireBytes().U64(byte.MaxValue, uint.MaxValue, long.MaxValue, 1).ToArray());

        Assert.That(await reader.ReadByteAsync(default), Is.EqualTo(byte.MaxValue));
        Assert.That(await reader.ReadUInt32Async(default), Is.EqualTo(uint.MaxValue));
        Assert.That(await reader.ReadInt64Async(default), Is.EqualTo(long.MaxValue));
        Assert.That(await reader.ReadPresenceAsync(default), Is.True);
    }

    [Test]
    public void Narrow_integers_out_of_range_are_refused()
    {
        Assert.That(async () => await Over(new WireBytes().U64(1UL << 8).ToArray()).ReadByteAsync(default), Throws.TypeOf<WireException>());
        Assert.That(
            async () => await Over(new WireBytes().U64(1UL << 32).ToArray()).ReadUInt32Async(default), Throws.TypeOf<WireException>());
        Assert.That(
            async () => await Over(new WireBytes().U64(1UL << 63).ToArray()).ReadInt64Async(default), Throws.TypeOf<WireException>());
        Assert.That(async () => await Over(new WireBytes().U64(2).ToArray()).ReadPresenceAsync(default), Throws.TypeOf<WireException>());
    }

    [TestCase(0UL, false)]
    [TestCase(1UL, true)]
    [TestCase(2UL, true)]
    [TestCase(ulong.MaxValue, true)]
    public async Task Any_integer_but_zero_is_true(ulong value, bool expected)
    {
        using WireReader reader = Over(new WireBytes().U64(value).ToArray());

        Assert.That(await reader.ReadBoolAsync(default), Is.EqualTo(expected));
    }

    [Test]
    public async Task Strings_of_any_length_are_read_however_their_bytes_arrive(
        [Values(0, 1, 7, 8, 9, 65_527, 65_528, 65_529, 300_001)] int length, [Values(1, 7, 4096, 1 << 20)] int slice)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        using WireReader reader = Over(new WireBytes().Bytes(bytes).U64(42).ToArray(), slice);

        Assert.That(await reader.ReadBytesAsync(Any, default), Is.EqualTo(bytes).AsCollection);
        Assert.That(await reader.ReadUInt64Async(default), Is.EqualTo(42));
    }

    [Test]
    public void Padding_that_is_not_zero_is_refused([Range(0, 4)] int at, [Values(3, 70_003)] int length)
    {
        byte[] bytes = new WireBytes().Bytes(new byte[length]).ToArray();
        bytes[sizeof(ulong) + length + at] = 1;

        Assert.That(async () => await Over(bytes).ReadBytesAsync(Any, default), Throws.TypeOf<WireException>());
    }

    [Test]
    public async Task String_may_be_as_long_as_the_limit()
    {
        using WireReader reader = Over(new WireBytes().Text("four").ToArray());

        Assert.That(await reader.ReadStringAsync(4, default), Is.EqualTo("four"));
    }

    [TestCase(5UL)]
    [TestCase(1UL << 31)]
    [TestCase(1UL << 32)]
    [TestCase(1UL << 63)]
    [TestCase(ulong.MaxValue)]
    public void String_longer_than_limit_is_refused_before_it_is_read(ulong length)
    {
        // Nothing follows the length, so waiting for more would end in another error.
        using WireReader reader = Over(new WireBytes().U64(length).ToArray());

        Assert.That(
            async () => await reader.ReadStringAsync(4, default),
            Throws.TypeOf<WireException>().With.Message.Contains($"{length} bytes").And.Message.Contains("4 allowed"));
    }

    [TestCase(5UL)]
    [TestCase(1UL << 32)]
    [TestCase(1UL << 63)]
    public void List_longer_than_limit_is_refused(ulong count) => Assert.That(
        async () => await Over(new WireBytes().U64(count).ToArray()).ReadCountAsync(4, default),
        Throws.TypeOf<WireException>().With.Message.Contains("4 allowed"));

    [Test]
    public void Claimed_length_costs_no_more_memory_than_the_bytes_that_arrive()
    {
        byte[] bytes = new WireBytes().U64(WireLimits.FileText).Raw(new byte[1000]).ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();

        ValueTask<byte[]> read = Over(bytes).ReadBytesAsync(WireLimits.FileText, default);

        Assert.That(read.IsFaulted, Is.True);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public async Task Strings_are_strict_and_texts_are_not()
    {
        byte[] bytes = new WireBytes().Bytes([(byte)'a', 0xff, (byte)'b']).ToArray();

        Assert.That(async () => await Over(bytes).ReadStringAsync(Any, default), Throws.TypeOf<WireException>());
        Assert.That(await Over(bytes).ReadTextAsync(Any, default), Is.EqualTo("a\ufffdb"));
    }

    [Test]
    public void Value_that_a_string_is_not_is_a_broken_protocol()
    {
        using WireReader reader = Over(new WireBytes().Text("text").ToArray());

        Assert.That(
            async () => await reader.ReadDecodedAsync<int, int>(Any, 0, (_, _) => throw new FormatException("no number"), default),
            Throws.TypeOf<WireException>().With.Message.EqualTo("no number").And.InnerException.TypeOf<FormatException>());
    }

    [Test]
    public void End_in_the_middle_of_a_primitive_is_a_broken_protocol()
    {
        byte[] bytes = new WireBytes().Text("some text").ToArray();

        for (int length = 0; length < bytes.Length; length++)
        {
            using WireReader reader = Over(bytes[..length]);
            Assert.That(async () => await reader.ReadStringAsync(Any, default), Throws.TypeOf<WireException>(), $"after {length} bytes");
        }
    }

    [Test]
    public async Task End_between_messages_is_good_order([Values(1, 8, 9)] int slice)
    {
        using WireReader reader = Over(new WireBytes().U64(1, 2).ToArray(), slice);

        Assert.That(await reader.WaitForDataAsync(default), Is.True);
        Assert.That(await reader.ReadUInt64Async(default), Is.EqualTo(1));
        Assert.That(await reader.WaitForDataAsync(default), Is.True);
        Assert.That(await reader.WaitForDataAsync(default), Is.True, "waiting takes nothing");
        Assert.That(await reader.ReadUInt64Async(default), Is.EqualTo(2));
        Assert.That(await reader.WaitForDataAsync(default), Is.False);
        Assert.That(await reader.WaitForDataAsync(default), Is.False);
    }

    [Test]
    public async Task Idle_connection_holds_no_buffer()
    {
        SlicedStream stream = new(new WireBytes().U64(1).ToArray(), int.MaxValue);
        using WireReader reader = new(stream);
        await reader.WaitForDataAsync(default);
        await reader.ReadUInt64Async(default);
        stream.Reads.Clear();

        await reader.WaitForDataAsync(default);

        Assert.That(stream.Reads[0], Is.Zero, "the read that waits has no buffer");
        Assert.That(stream.Reads[1], Is.Positive, "on a stream that does not wait for data another one does");
    }

    [Test]
    public async Task Data_that_come_later_are_waited_for()
    {
        Pipe pipe = new();
        using WireReader reader = new(pipe.Reader.AsStream());
        ValueTask<bool> waiting = reader.WaitForDataAsync(default);
        Assert.That(waiting.IsCompleted, Is.False);

        await pipe.Writer.WriteAsync(new WireBytes().U64(7).ToArray());

        Assert.That(await waiting, Is.True);
        Assert.That(await reader.ReadUInt64Async(default), Is.EqualTo(7));
    }

    [Test]
    public void Reads_of_what_is_there_complete_at_once()
    {
        byte[] bytes = new WireBytes().U64(1).Text("text").U64(1).Raw([9]).ToArray();
        using WireReader reader = Over(bytes);

        Task[] reads =
        [
            reader.WaitForDataAsync(default).AsTask(),
            reader.ReadUInt64Async(default).AsTask(),
            reader.ReadStringAsync(Any, default).AsTask(),
            reader.ReadBoolAsync(default).AsTask(),
            reader.ReadAsync(new byte[1], default).AsTask(),
        ];

        Assert.That(reads, Has.All.Property(nameof(Task.IsCompletedSuccessfully)).True);
        Assert.That(reader.Buffered, Is.Zero);
    }

    [Test]
    public async Task Raw_bytes_follow_primitives_in_any_portions([Values(1, 5, 100_000)] int slice)
    {
        byte[] raw = new byte[200_000];
        new Random(1).NextBytes(raw);
        using WireReader reader = Over(new WireBytes().U64(1).Raw(raw).U64(2).ToArray(), slice);
        byte[] destination = new byte[raw.Length];

        Assert.That(await reader.ReadUInt64Async(default), Is.EqualTo(1));
        await reader.ReadExactlyAsync(destination.AsMemory(0, 150_000), default);
        int filled = 150_000;
        while (filled < 190_000)
            filled += await reader.ReadAsync(destination.AsMemory(filled, 190_000 - filled), default);
        while (filled < raw.Length)
        {
            ReadOnlyMemory<byte> shown = await reader.PeekAsync(default);
            int taken = Math.Min(shown.Length, Math.Min(3, raw.Length - filled));
            shown[..taken].CopyTo(destination.AsMemory(filled));
            reader.Consume(taken);
            filled += taken;
        }

        Assert.That(destination.AsSpan().SequenceEqual(raw), Is.True);
        Assert.That(await reader.ReadUInt64Async(default), Is.EqualTo(2));
    }

    [Test]
    public void Raw_bytes_that_are_missing_are_a_broken_protocol([Values(1, 100_000)] int room)
    {
        Assert.That(async () => await Over([]).ReadAsync(new byte[room], default), Throws.TypeOf<WireException>());
        Assert.That(async () => await Over([1]).ReadExactlyAsync(new byte[room + 1], default), Throws.TypeOf<WireException>());
        Assert.That(async () => await Over([]).PeekAsync(default), Throws.TypeOf<WireException>());
    }

    [Test]
    public async Task Nothing_is_read_into_no_room()
    {
        using WireReader reader = Over([]);

        Assert.That(await reader.ReadAsync(Memory<byte>.Empty, default), Is.Zero);
    }

    [Test]
    public void More_than_was_shown_cannot_be_consumed() =>
        Assert.That(() => Over([1]).Consume(1), Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase(100)]
    [TestCase(100_000)]
    public async Task Message_longer_than_allowed_is_refused(int length)
    {
        byte[] bytes = new WireBytes().U64(1).Bytes(new byte[length]).ToArray();
        using WireReader exact = Over(bytes);
        using WireReader tooLong = Over(bytes);

        exact.BeginMessage(bytes.Length);
        tooLong.BeginMessage(bytes.Length - 1);

        await exact.ReadUInt64Async(default);
        Assert.That(await exact.ReadBytesAsync(Any, default), Has.Length.EqualTo(length));
        await tooLong.ReadUInt64Async(default);
        Assert.That(async () => await tooLong.ReadBytesAsync(Any, default), Throws.TypeOf<WireException>());
    }

    [Test]
    public async Task Raw_bytes_and_earlier_messages_do_not_count()
    {
        using WireReader reader = Over(new WireBytes().U64(1).Raw(new byte[100]).U64(2).ToArray());
        reader.BeginMessage(8);
        await reader.ReadUInt64Async(default);
        await reader.ReadExactlyAsync(new byte[100], default);

        reader.BeginMessage(8);

        Assert.That(await reader.ReadUInt64Async(default), Is.EqualTo(2));
    }

    [FsCheck.NUnit.Property]
    public bool Texts_come_back_however_they_arrive(FsCheck.NonNull<string>[] texts, FsCheck.PositiveInt slice)
    {
        string[] whole = [.. texts.Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)))];
        using WireReader reader = Over(new WireBytes().Text(whole).ToArray(), slice.Get);
        return whole.All(text => reader.ReadStringAsync(Any, default).AsTask().Result == text);
    }

    [FsCheck.NUnit.Property]
    public bool Arbitrary_bytes_never_fail_in_another_way(byte[] bytes, FsCheck.PositiveInt slice)
    {
        try
        {
            using WireReader reader = Over(bytes, slice.Get);
            while (true)
                _ = reader.ReadStringAsync(Any, default).AsTask().GetAwaiter().GetResult();
        }
        catch (WireException)
        {
            return true;
        }
    }

    private static WireReader Over(byte[] bytes, int slice = int.MaxValue) => new(new SlicedStream(bytes, slice));
}
