using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>The meaning of the fields of the samples; their layout is checked in <see cref="MessageLayoutTests"/>.</summary>
public sealed class ReplyCodecTests
{
    private static readonly StorePath A = Samples.PathOf(Samples.A);
    private static readonly StorePath B = Samples.PathOf(Samples.B);
    private static readonly StorePath Drv = Samples.PathOf(Samples.Drv);

    [Test]
    public async Task QueryMissing_returns_three_sets_and_two_sizes()
    {
        MissingPaths missing = await ReadAsync(Operation.QueryMissing, ClientReplies.ReadMissingAsync);

        Assert.That(missing.WillBuild, Is.EqualTo([Drv]));
        Assert.That(missing.WillSubstitute, Is.EqualTo([A]));
        Assert.That(missing.Unknown, Is.EqualTo([B]));
        Assert.That(missing.DownloadSize, Is.EqualTo(10));
        Assert.That(missing.NarSize, Is.EqualTo(20));
    }

    [Test]
    public async Task QueryDerivationOutputMap_returns_known_paths()
    {
        IReadOnlyDictionary<string, StorePath?> outputs =
            await ReadAsync(Operation.QueryDerivationOutputMap, DerivationOutputMapCodec.ReadAsync);

        Assert.That(outputs, Is.EquivalentTo(new Dictionary<string, StorePath?> { ["dev"] = null, ["out"] = A }));
    }

    [Test]
    public async Task CollectGarbage_returns_texts_and_bytes()
    {
        byte[] bytes = Samples.Reply(Operation.CollectGarbage, Contexts.Current);

        CollectGarbageResult result = await Codec.ReadAsync(bytes, r => CollectGarbageResultCodec.ReadAsync(r, default));

        Assert.That(result.Paths, Is.EqualTo([Samples.A, "/nix/store/stray"]));
        Assert.That(result.BytesFreed, Is.EqualTo(4096));
    }

    [Test]
    public async Task FindRoots_returns_links_and_targets()
    {
        IReadOnlyList<GcRoot> roots = await ReadAsync(Operation.FindRoots, GcRootsCodec.ReadAsync);

        Assert.That(roots.Select(root => root.Link.ToArray()), Is.EqualTo(new[] { "/root"u8.ToArray(), "{temp:1}"u8.ToArray() }));
        Assert.That(roots.Select(root => root.Target), Is.EqualTo([A, B]));
    }

    [Test]
    public async Task Sets_of_strings_are_written_ascending_and_read_in_any_order()
    {
        byte[] ascending = new WireBytes().U64(2).Text("B", "a").ToArray();
        byte[] other = new WireBytes().U64(3).Text("a", "B", "a").ToArray();

        Assert.That(Codec.Write(w => StringSetCodec.Write(w, ["a", "B", "a"])), Is.EqualTo(ascending));
        Assert.That(await Codec.ReadAsync(other, r => ClientReplies.ReadOutputNamesAsync(r, default)), Is.EqualTo(["B", "a"]));
    }

    private static Task<T> ReadAsync<T>(Operation operation, Func<WireReader, MessageContext, CancellationToken, ValueTask<T>> read) =>
        Codec.ReadAsync(Samples.Reply(operation, Contexts.Current), r => read(r, Contexts.Current, default));
}
