using System.IO.Pipelines;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Nar;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Nar;

public sealed class CapturedNarTests
{
    private const long Allowance = 16 * 1024 * 1024;

    private readonly MemoryBudget _allowance = new(Allowance);
    private ByteTree _tree = null!;
    private byte[] _nar = null!;

    [SetUp]
    public void MakeTree()
    {
        _tree = SampleTrees.Varied();
        _tree.AddFile("large"u8, SampleTrees.Pattern(3_000_000));
        _nar = _tree.Dump();
    }

    [TearDown]
    public void Memory_is_given_back()
    {
        _tree.Dispose();
        Assert.That(_allowance.TryTake(Allowance));
        _allowance.Return(Allowance);
    }

    [Test]
    public async Task Bytes_hash_and_index_are_those_of_the_dump()
    {
        using CapturedNar nar = CapturedNar.TryRead(_tree.PathBytes, _nar.Length, TimeSpan.MaxValue, _allowance)!;

        Assert.That(nar.Hash, Is.EqualTo(NarHash.Of(_nar)));
        Assert.That(nar.ToArray().AsSpan().SequenceEqual(_nar));
        Assert.That((nar.Index.NarSize, nar.Index.Count), Is.EqualTo((_tree.Index().NarSize, _tree.Index().Count)));
        using MemoryStream written = new();
        await nar.WriteAsync(PipeWriter.Create(written), CancellationToken.None);
        Assert.That(written.ToArray().AsSpan().SequenceEqual(_nar));
    }

    [TestCase(-1)]
    [TestCase(1)]
    [TestCase(-1_500_000)]
    [TestCase(1_500_000)]
    public void One_of_another_size_is_not_captured(int difference) =>
        Assert.That(CapturedNar.TryRead(_tree.PathBytes, _nar.Length + difference, TimeSpan.MaxValue, _allowance), Is.Null);

    [Test]
    public void One_that_takes_too_long_is_not_captured() =>
        Assert.That(CapturedNar.TryRead(_tree.PathBytes, _nar.Length, TimeSpan.FromTicks(-1), _allowance), Is.Null);

    [Test]
    public void No_NAR_is_captured_without_free_memory()
    {
        Assert.That(_allowance.TryTake(Allowance - _nar.Length + 1));

        Assert.That(CapturedNar.TryRead(_tree.PathBytes, _nar.Length, TimeSpan.MaxValue, _allowance), Is.Null);

        _allowance.Return(Allowance - _nar.Length + 1);
    }
}
