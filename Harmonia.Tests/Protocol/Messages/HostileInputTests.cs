using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Protocol.Messages.Stderr;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>
/// Invalid bytes: the only exception may be a <see cref="WireException"/>, and no memory may be allocated for the lengths that they
/// claim.
/// </summary>
public sealed class HostileInputTests
{
    // The largest sample allocates a few thousand bytes; the reader's buffer is pooled. A list or string of the claimed length would need far more.
    private const long MemoryBound = 256 << 10;

    private static readonly ulong[] Claims =
        [1UL << 20, 1UL << 28, int.MaxValue, 1UL << 31, 1UL << 32, 1UL << 62, 1UL << 63, ulong.MaxValue];

    private static IEnumerable<TestCaseData> Codecs =>
    [
        .. Enum.GetValues<Operation>().Select(operation => new TestCaseData(
            Requests.Of(operation), (MessageContext context) => Samples.Request(operation, context))
            .SetArgDisplayNames($"{operation} request")),
        .. Replies.Operations.Select(operation => new TestCaseData(
            Replies.Of(operation), (MessageContext context) => Samples.Reply(operation, context))
            .SetArgDisplayNames($"{operation} reply")),
        new TestCaseData(StderrMessages, (MessageContext context) => StderrSamples.All(context.Version))
            .SetArgDisplayNames("stderr messages"),
    ];

    private static Transcode StderrMessages => async (reader, writer, context) =>
    {
        StderrMessage message;
        do
        {
            message = await StderrCodec.ReadAsync(reader, context.Version, default);
            StderrCodec.Write(writer, context.Version, message);
        }
        while (message is not StderrMessage.Failure);
    };

    [TestCaseSource(nameof(Codecs))]
    public void Message_that_ends_too_early_is_a_broken_protocol(Transcode transcode, Func<MessageContext, byte[]> sample)
    {
        foreach ((MessageContext context, byte[] bytes) in Distinct(sample))
        {
            for (int length = 0; length < bytes.Length; length++)
                Assert.That(Run(transcode, bytes[..length], context), Is.Not.Null, $"{length} of {bytes.Length} bytes, {context.Version}");
        }
    }

    [TestCaseSource(nameof(Codecs))]
    public void Claimed_lengths_take_no_memory(Transcode transcode, Func<MessageContext, byte[]> sample)
    {
        foreach ((MessageContext context, byte[] bytes) in Distinct(sample))
        {
            for (int at = 0; at < bytes.Length; at += sizeof(ulong))
            {
                foreach (ulong claim in Claims)
                {
                    byte[] wrong = [.. bytes];
                    BinaryPrimitives.WriteUInt64LittleEndian(wrong.AsSpan(at), claim);
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    Run(transcode, wrong, context);
                    Assert.That(
                        GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MemoryBound + bytes.Length), $"{claim} at {at}");
                }
            }
        }
    }

    [TestCaseSource(nameof(Codecs))]
    public void Arbitrary_bytes_never_fail_in_another_way(Transcode transcode, Func<MessageContext, byte[]> sample) =>
        Prop.ForAll<byte[]>(bytes =>
        {
            foreach ((MessageContext context, byte[] _) in Distinct(sample))
                Run(transcode, bytes, context);
        }).QuickCheckThrowOnFailure();

    [TestCaseSource(nameof(Codecs))]
    public void Damaged_messages_never_fail_in_another_way(Transcode transcode, Func<MessageContext, byte[]> sample) =>
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            foreach ((MessageContext context, byte[] bytes) in Distinct(sample))
                Run(transcode, Damage(bytes, random), context);
        }).QuickCheckThrowOnFailure();

    [TestCaseSource(typeof(Recordings), nameof(Recordings.Files))]
    public async Task Recorded_request_that_ends_too_early_is_a_broken_protocol(string file)
    {
        HashSet<string> seen = [];
        foreach (RecordedConnection connection in RecordedConnection.Read(Recordings.PathOf(file)))
        {
            foreach (RecordedRequest request in await Replay.RunAsync(connection))
            {
                if (!seen.Add(Convert.ToBase64String(request.Bytes)))
                    continue;
                for (int length = 0; length < request.Bytes.Length; length++)
                {
                    Assert.That(
                        Run(Requests.Of(request.Operation), request.Bytes[..length], request.Context),
                        Is.Not.Null,
                        $"{request.Operation}, {length}");
                }
            }
        }

        Assert.That(seen, Has.Count.GreaterThan(40));
    }

    /// <summary>Returns the exception that says the protocol is broken; any other ends the test.</summary>
    private static WireException? Run(Transcode transcode, byte[] bytes, MessageContext context)
    {
        using WireReader reader = new(new MemoryStream(bytes));
        using WireWriter writer = new(Stream.Null);
        try
        {
            // On a stream that never waits, this runs to its end on the current thread.
            transcode(reader, writer, context).GetAwaiter().GetResult();
            return null;
        }
        catch (WireException exception)
        {
            return exception;
        }
    }

    private static IEnumerable<(MessageContext Context, byte[] Bytes)> Distinct(Func<MessageContext, byte[]> sample) =>
        Contexts.All.Select(context => (context, bytes: sample(context))).DistinctBy(pair => Convert.ToBase64String(pair.bytes));

    private static byte[] Damage(byte[] bytes, Random random)
    {
        List<byte> damaged = [.. bytes];
        for (int n = random.Next(1, 4); n > 0 && damaged.Count > 0; n--)
        {
            int at = random.Next(damaged.Count);
            switch (random.Next(4))
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged.RemoveAt(at);
                    break;
                case 2:
                    damaged.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. damaged];
    }
}
