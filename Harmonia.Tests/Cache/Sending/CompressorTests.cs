using System.Buffers;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Sending;

public sealed class CompressorTests
{
    private const long LargeNar = 4 * 1024 * 1024;

    private static readonly Representation Text = new() { ContentType = "text/plain", Kind = BodyKind.Text };
    private static readonly Representation Nar = new() { ContentType = "application/x-nix-archive", Kind = BodyKind.Nar };

    [TestCase(ContentCoding.Zstd)]
    [TestCase(ContentCoding.Brotli)]
    [TestCase(ContentCoding.Gzip)]
    public async Task What_is_compressed_in_pieces_is_whole_after_decoding(ContentCoding coding)
    {
        using Compressor compressor = New(new CacheOptions());
        byte[] body = Body(3_000_000);
        ArrayBufferWriter<byte> output = new();
        using (ActiveCompression compression = compressor.TryBegin(coding, Text, output)!)
        {
            for (int offset = 0, piece = 1; offset < body.Length; offset += piece, piece = (piece * 3) + 1)
                compression.Encode(body.AsSpan(offset, Math.Min(piece, body.Length - offset)));
            compression.End();
        }

        Assert.That(output.WrittenCount, Is.LessThan(body.Length));
        byte[] decoded = await Decoding.UndoAsync(ContentCodings.NameOf(coding), output.WrittenSpan.ToArray());
        Assert.That(decoded.AsSpan().SequenceEqual(body));
    }

    // RFC 8878, section 3.1.1.1: bits 7 and 6, and bit 5, say whether the content size is there.
    [Test]
    public void A_frame_contains_the_size_of_its_content_if_it_is_known()
    {
        using Compressor compressor = New(new CacheOptions { EnableCompression = true });

        byte descriptor = FirstFrame(compressor, Nar with { Size = 100_000 }, Body(100_000))[4];

        Assert.That(descriptor >> 6, Is.EqualTo(2), "four bytes");
    }

    [TestCase(true, 0, LargeNar * 16, 25)]
    [TestCase(true, 0, null, 25)]
    [TestCase(true, 22, LargeNar * 16, 22)]
    [TestCase(false, 0, LargeNar, 19)]
    [TestCase(false, 21, LargeNar, 21)]
    public void The_window_is_as_the_configuration_says(bool longDistance, int windowLog, long? size, int expected)
    {
        using Compressor compressor = New(new CacheOptions
        {
            EnableCompression = true,
            Zstd = new ZstdOptions { LongDistanceMatching = longDistance, WindowLog = windowLog },
        });

        Assert.That(WindowLogOf(compressor, Nar with { Size = size }), Is.EqualTo(expected));
    }

    [Test]
    public void Large_nars_without_a_place_for_long_distance_matching_go_without_it()
    {
        using Compressor compressor = New(new CacheOptions
        {
            EnableCompression = true,
            Workers = 1,
            Zstd = new ZstdOptions { LongDistanceMatching = true, MaxLongDistanceEncoders = 1 },
        });
        using (compressor.TryBegin(ContentCoding.Zstd, Nar, new ArrayBufferWriter<byte>()))
        {
            Assert.That(WindowLogOf(compressor, Nar), Is.EqualTo(19));
        }

        Assert.That(WindowLogOf(compressor, Nar), Is.EqualTo(25));
    }

    [Test]
    public void Large_nars_that_come_when_the_memory_is_given_out_have_a_smaller_window()
    {
        using Compressor compressor = New(new CacheOptions
        {
            EnableCompression = true,
            Zstd = new ZstdOptions { LongDistanceMatching = true, MaxLongDistanceMemory = 70 * 1024 * 1024 },
        });
        using (compressor.TryBegin(ContentCoding.Zstd, Nar, new ArrayBufferWriter<byte>()))
        {
            Assert.That(WindowLogOf(compressor, Nar), Is.EqualTo(24));
            using (compressor.TryBegin(ContentCoding.Zstd, Nar, new ArrayBufferWriter<byte>()))
            using (compressor.TryBegin(ContentCoding.Zstd, Nar, new ArrayBufferWriter<byte>()))
            using (compressor.TryBegin(ContentCoding.Zstd, Nar, new ArrayBufferWriter<byte>()))
                Assert.That(WindowLogOf(compressor, Nar), Is.EqualTo(19));
        }

        Assert.That(WindowLogOf(compressor, Nar), Is.EqualTo(25));
    }

    [Test]
    public void Text_has_a_window_that_every_browser_takes()
    {
        using Compressor compressor = New(new CacheOptions { Zstd = new ZstdOptions { Level = 22, WindowLog = 31 } });

        Assert.That(WindowLogOf(compressor, Text), Is.LessThanOrEqualTo(23));
    }

    [Test]
    public void No_more_compressions_are_begun_than_there_may_be()
    {
        using Compressor compressor = New(new CacheOptions { MaxCompressions = 2 });
        ArrayBufferWriter<byte> output = new();
        using ActiveCompression? first = compressor.TryBegin(ContentCoding.Zstd, Text, output);
        using ActiveCompression? second = compressor.TryBegin(ContentCoding.Gzip, Text, output);

        Assert.That(compressor.TryBegin(ContentCoding.Brotli, Text, output), Is.Null);

        first!.Dispose();
        first.Dispose();
        using ActiveCompression? third = compressor.TryBegin(ContentCoding.Brotli, Text, output);
        Assert.That(third, Is.Not.Null);
        Assert.That(compressor.TryBegin(ContentCoding.Zstd, Text, output), Is.Null);
    }

    [Test]
    public void A_compression_that_is_given_up_writes_no_end()
    {
        using Compressor compressor = New(new CacheOptions());
        foreach (ContentCoding coding in (ContentCoding[])[ContentCoding.Zstd, ContentCoding.Brotli, ContentCoding.Gzip])
        {
            ArrayBufferWriter<byte> output = new();
            ActiveCompression compression = compressor.TryBegin(coding, Text, output)!;
            compression.Encode(Body(100));
            int before = output.WrittenCount;

            compression.Dispose();

            Assert.That(output.WrittenCount, Is.EqualTo(before), $"{coding}");
        }
    }

    [Test]
    public void A_context_that_was_given_up_serves_the_next()
    {
        using Compressor compressor = New(new CacheOptions { EnableCompression = true });
        for (int i = 0; i < 20; i++)
        {
            using ActiveCompression compression = compressor.TryBegin(ContentCoding.Zstd, Nar with { Size = 1000 }, new ArrayBufferWriter<byte>())!;
            compression.Encode(Body(100));
        }

        Assert.That(FirstFrame(compressor, Nar with { Size = 50 }, Body(50)), Is.Not.Empty);
    }

    [Test]
    public async Task Bytes_and_encoders_are_counted_by_coding()
    {
        MetricRegistry registry = new();
        CompressionMetrics metrics = new(registry.Factory);
        using Compressor compressor = new(new CacheOptions(), metrics);
        ArrayBufferWriter<byte> output = new();
        using ActiveCompression compression = compressor.TryBegin(ContentCoding.Brotli, Text, output)!;
        Assert.That(await ValueOfAsync(registry, "harmonia_compression_active_encoders"), Is.EqualTo(1));

        compression.Encode(Body(5000));
        compression.End();
        compression.Dispose();

        Assert.That(await ValueOfAsync(registry, "harmonia_compression_active_encoders"), Is.Zero);
        Assert.That(await ValueOfAsync(registry, "harmonia_compression_responses_total"), Is.EqualTo(1));
        Assert.That(await ValueOfAsync(registry, "harmonia_compression_input_bytes_total"), Is.EqualTo(5000));
        Assert.That(await ValueOfAsync(registry, "harmonia_compression_output_bytes_total"), Is.EqualTo(output.WrittenCount));
    }

    private static Compressor New(CacheOptions options) =>
        new(options, new CompressionMetrics(new MetricRegistry().Factory));

    private static byte[] Body(int length)
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, length).Select(_ => (byte)('a' + random.Next(4)))];
    }

    private static byte[] FirstFrame(Compressor compressor, Representation representation, byte[] body)
    {
        ArrayBufferWriter<byte> output = new();
        using ActiveCompression compression = compressor.TryBegin(ContentCoding.Zstd, representation, output)!;
        compression.Encode(body);
        compression.End();
        return output.WrittenSpan.ToArray();
    }

    // RFC 8878, section 3.1.1.1.2: the exponent is in the upper five bits and counts from 10.
    private static int WindowLogOf(Compressor compressor, Representation representation)
    {
        ArrayBufferWriter<byte> output = new();
        using ActiveCompression compression = compressor.TryBegin(ContentCoding.Zstd, representation, output)!;
        compression.Encode(Body(1_000_000));
        byte[] head = output.WrittenSpan.ToArray();
        Assert.That(head[4] & 0x20, Is.Zero, "A frame of a single segment has no window.");
        return (head[5] >> 3) + 10;
    }

    private static async Task<double> ValueOfAsync(MetricRegistry registry, string name) =>
        Metrics.MetricSample.ValueOf(await Metrics.MetricSample.TextOfAsync(registry), name, """coding="br" """.Trim());
}
