using Harmonia.Cache.NarCache;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarCache;

public sealed class RawFrameTests
{
    private const int Block = 128 * 1024;

    [Test]
    public async Task It_unpacks_to_the_NAR()
    {
        using NarCacheFixture fixture = new();
        foreach (int length in (int[])[0, 1, Block - 112, Block - 111, (5 * Block) + 3])
        {
            NarSource source = fixture.Add(SampleText.Of(length));
            using RawFrame frame = new(source);
            byte[] bytes = new byte[RawFrame.LengthOf(source.Size)];

            frame.Fill(0, bytes);

            Assert.That(NarHash.Of(await NarCacheFixture.UnpackAsync(bytes)), Is.EqualTo(source.Hash), $"{length}");
        }
    }

    [Test]
    public void Every_part_is_that_part_of_the_whole()
    {
        using NarCacheFixture fixture = new();
        NarSource source = fixture.Add(SampleText.Of((4 * Block) + 77));
        using RawFrame frame = new(source);
        byte[] whole = new byte[RawFrame.LengthOf(source.Size)];
        frame.Fill(0, whole);
        Random random = new(3);
        for (int i = 0; i < 500; i++)
        {
            int offset = random.Next(whole.Length);
            byte[] part = new byte[random.Next(Math.Min(whole.Length - offset, i % 2 == 0 ? 40 : 2 * Block)) + 1];

            frame.Fill(offset, part);

            Assert.That(part.AsSpan().SequenceEqual(whole.AsSpan(offset, part.Length)), $"{offset}, {part.Length}");
        }
    }
}
