using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Nar;
using Harmonia.Protocol.Nar;
using Harmonia.Tests.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Nar;

public sealed class NarReadAheadTests
{
    private const long Allowance = 64 * NarReadAhead.PieceLength;

    private readonly MemoryBudget _allowance = new(Allowance);

    [TearDown]
    public void Memory_is_given_back()
    {
        Assert.That(_allowance.TryTake(Allowance));
        _allowance.Return(Allowance);
    }

    [Test]
    public async Task Random_parts_are_those_of_the_dump()
    {
        using ByteTree varied = SampleTrees.Varied();
        using ByteTree large = SampleTrees.Large(4_000);
        Random random = new(7);
        foreach (ByteTree tree in (ByteTree[])[varied, large])
        {
            NarIndex index = tree.Index();
            byte[] nar = tree.Dump();
            for (int i = 0; i < 1_000; i++)
            {
                int offset = random.Next(nar.Length);
                int longest = i % 10 == 0 ? nar.Length : 5_000;
                int length = 1 + random.Next(Math.Min(nar.Length - offset, longest));

                byte[] part = await ReadAsync(index, tree, new ByteRange(offset, length));

                Assert.That(part.AsSpan().SequenceEqual(nar.AsSpan(offset, length)), $"{length} from {offset} on");
            }
        }
    }

    [Test]
    public async Task Whole_dump_is_read_by_many_at_once()
    {
        using ByteTree tree = SampleTrees.Large(20_000);
        NarIndex index = tree.Index();
        byte[] nar = tree.Dump();

        byte[][] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ReadAsync(index, tree, new ByteRange(0, nar.Length)))));

        Assert.That(all, Has.All.Matches<byte[]>(read => read.AsSpan().SequenceEqual(nar)));
    }

    [Test]
    public async Task Nothing_more_is_needed_when_the_others_have_all_the_memory()
    {
        using ByteTree tree = SampleTrees.Large(4_000);
        NarIndex index = tree.Index();
        Assert.That(_allowance.TryTake(Allowance));

        byte[] read = await ReadAsync(index, tree, new ByteRange(0, index.NarSize));
        _allowance.Return(Allowance);

        Assert.That(read.AsSpan().SequenceEqual(tree.Dump()));
    }

    [Test]
    public async Task Slow_clients_hold_one_piece_each_of_what_all_share()
    {
        const int Clients = 32;
        using ByteTree tree = ByteTree.WithDirectory();
        for (int i = 0; i < 10; i++)
            tree.AddFile([(byte)('a' + i)], new byte[NarReadAhead.PieceLength * 2]);
        NarIndex index = tree.Index();
        List<NarReadAhead> slow = Enumerable.Range(0, Clients)
            .Select(_ => new NarReadAhead(index, tree.PathBytes, new ByteRange(0, index.NarSize), _allowance)).ToList();
        foreach (NarReadAhead reader in slow)
            Assert.That((await reader.ReadAsync()).Length, Is.EqualTo(NarReadAhead.PieceLength));

        const long Left = Allowance - (Clients * NarReadAhead.PieceLength);
        Assert.That(_allowance.TryTake(Left));
        _allowance.Return(Left);
        foreach (NarReadAhead reader in slow)
            await reader.DisposeAsync();
    }

    [Test]
    public void File_that_changed_ends_the_reading()
    {
        using ByteTree tree = SampleTrees.Large(4_000);
        NarIndex index = tree.Index();
        ByteTree.Resize(tree["5/250"], 10_000);

        Assert.That(() => ReadAsync(index, tree, new ByteRange(0, index.NarSize)), Throws.InstanceOf<NarTreeException>());
    }

    private async Task<byte[]> ReadAsync(NarIndex index, ByteTree tree, ByteRange part)
    {
        await using NarReadAhead reader = new(index, tree.PathBytes, part, _allowance);
        using MemoryStream read = new();
        while (await reader.ReadAsync() is { IsEmpty: false } piece)
            read.Write(piece.Span);
        Assert.That((await reader.ReadAsync()).IsEmpty, "after the end");
        return read.ToArray();
    }
}
