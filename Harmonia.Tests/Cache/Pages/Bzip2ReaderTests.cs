using System.Text;
using Harmonia.Cache.Pages;
using Harmonia.Tests.Support;
using Microsoft.Win32.SafeHandles;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

/// <summary>Data compressed by bzip2 is decompressed completely, or reading fails.</summary>
public sealed class Bzip2ReaderTests
{
    private TemporaryDirectory _directory = null!;
    private byte[] _plain = null!;
    private byte[] _compressed = null!;

    [SetUp]
    public async Task Compress()
    {
        _directory = new TemporaryDirectory();
        _plain = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(line => $"line {line} of a build's log\n")));
        _compressed = (await Command.RunAsync("bzip2", ["--compress", "--stdout"], input: _plain)).Output;
    }

    [TearDown]
    public void End() => _directory.Dispose();

    [Test]
    public void One_stream_comes_back() => Assert.That(Decompress(_compressed), Is.EqualTo(_plain));

    [Test]
    public void Streams_after_each_other_are_one_text() =>
        Assert.That(Decompress([.. _compressed, .. _compressed]), Is.EqualTo((byte[])[.. _plain, .. _plain]));

    [Test]
    public void An_empty_file_is_an_empty_text() => Assert.That(Decompress([]), Is.Empty);

    [Test]
    public void The_file_stays_open()
    {
        File.WriteAllBytes(_directory["log"], _compressed);
        using SafeFileHandle file = File.OpenHandle(_directory["log"]);
        using (Bzip2Reader reader = new(file))
            reader.Read(new byte[10]);

        Assert.That(file.IsClosed, Is.False);
    }

    [Test]
    public void What_ends_too_early_is_damaged()
    {
        for (int length = 1; length < _compressed.Length; length += 1 + (_compressed.Length / 40))
            Assert.That(() => Decompress(_compressed[..length]), Throws.TypeOf<InvalidDataException>(), $"{length} bytes");
        Assert.That(() => Decompress([.. _compressed, .. _compressed[..^1]]), Throws.TypeOf<InvalidDataException>(), "the second stream");
    }

    [Test]
    public void What_was_changed_is_damaged()
    {
        Random random = new(1);
        for (int n = 0; n < 300; n++)
        {
            byte[] changed = [.. _compressed];
            for (int change = random.Next(1, 10); change > 0; change--)
                changed[random.Next(2) == 0 ? random.Next(100) : random.Next(changed.Length)] ^= (byte)random.Next(1, 256);

            Assert.That(() => Decompress(changed), Throws.TypeOf<InvalidDataException>(), $"change {n}");
        }
    }

    [TestCase("no bzip2 at all")]
    [TestCase("BZh9")]
    public void Something_else_is_damaged(string text) =>
        Assert.That(() => Decompress(Encoding.ASCII.GetBytes(text)), Throws.TypeOf<InvalidDataException>());

    [Test]
    public void Text_behind_the_last_stream_is_damage() =>
        Assert.That(() => Decompress([.. _compressed, .. "more"u8]), Throws.TypeOf<InvalidDataException>());

    private byte[] Decompress(byte[] compressed)
    {
        File.WriteAllBytes(_directory["log"], compressed);
        using SafeFileHandle file = File.OpenHandle(_directory["log"]);
        using Bzip2Reader reader = new(file);
        using MemoryStream text = new();
        byte[] buffer = new byte[10_000];
        for (int read = reader.Read(buffer); read > 0; read = reader.Read(buffer))
            text.Write(buffer, 0, read);
        return text.ToArray();
    }
}
