using System.Text;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.BenchmarkTests;

public sealed class GeneratedContentsTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(GeneratedContents.SmallCount - 1)]
    [TestCase(GeneratedContents.SmallCount)]
    [TestCase(GeneratedContents.Count - 1)]
    public void Files_have_the_hash_and_size_of_the_path(int number)
    {
        using TemporaryDirectory directory = new();
        string target = directory["path"];
        GeneratedContents.Write(number, target);

        byte[] hash = new byte[NarHash.ByteLength];
        long size = NarHasher.HashTree(Encoding.UTF8.GetBytes(target), hash, default);

        GeneratedPath path = new(number);
        Assert.That(path.NarHash, Is.EqualTo(NarHash.FromBytes(hash)));
        Assert.That(path.NarSize, Is.EqualTo(size));
        Assert.That(File.Exists(target), Is.EqualTo(number < GeneratedContents.SmallCount));
    }

    [Test]
    public void Trees_have_forty_files_and_more_than_64_KiB()
    {
        using TemporaryDirectory directory = new();
        GeneratedContents.Write(GeneratedContents.SmallCount, directory["path"]);

        Assert.That(Directory.EnumerateFiles(directory["path"], "*", SearchOption.AllDirectories).Count(), Is.EqualTo(GeneratedContents.FilesInTree));
        Assert.That(GeneratedContents.NarOf(GeneratedContents.SmallCount).Length, Is.InRange(65 << 10, 120 << 10));
    }

    [Test]
    public void Contents_differ() =>
        Assert.That(Enumerable.Range(0, 1000).Select(number => new GeneratedPath(number).NarHash), Is.Unique);

    [Test]
    public void Later_paths_have_no_contents()
    {
        Assert.That(GeneratedContents.Exist(GeneratedContents.Count - 1), Is.True);
        Assert.That(GeneratedContents.Exist(GeneratedContents.Count), Is.False);
    }
}
