using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages.Gc;

public sealed class CollectGarbageRequestCodecTests
{
    private static readonly MessageContext Feature = Contexts.At(38, ProtocolFeatures.DeleteDeadSpecificReferrers);
    private static readonly IReadOnlyList<StorePath> Paths = [Samples.PathOf(Samples.A)];

    [Test]
    public async Task Without_the_feature_the_whole_store_is_an_empty_set_of_paths()
    {
        byte[] bytes = new WireBytes().U64(2, 0, 0, ulong.MaxValue, 0, 0, 0).ToArray();
        CollectGarbageRequest request = new() { Action = GcAction.DeleteDead };

        Assert.That(Write(Contexts.Current, request), Is.EqualTo(bytes));
        Assert.That(await ReadAsync(Contexts.Current, bytes), Is.EqualTo(request));
    }

    [Test]
    public async Task An_empty_set_of_paths_to_delete_is_read_as_empty()
    {
        byte[] bytes = new WireBytes().U64(3, 0, 0, ulong.MaxValue, 0, 0, 0).ToArray();

        Assert.That((await ReadAsync(Contexts.Current, bytes)).Paths, Is.Empty);
    }

    [Test]
    public async Task Certain_paths_without_the_feature()
    {
        byte[] bytes = new WireBytes().U64(3, 1).Text(Samples.A).U64(1, 5, 0, 0, 0).ToArray();
        CollectGarbageRequest request = new() { Action = GcAction.DeleteSpecific, Paths = Paths, IgnoreLiveness = true, MaxFreed = 5 };

        CollectGarbageRequest read = await ReadAsync(Contexts.Current, bytes);

        Assert.That(Write(Contexts.Current, request), Is.EqualTo(bytes));
        Assert.That(read.Paths, Is.EqualTo(Paths));
        Assert.That(read, Is.EqualTo(request with { Paths = read.Paths }));
    }

    [Test]
    public async Task Whole_store_is_a_flag_with_the_feature()
    {
        byte[] bytes = new WireBytes().U64(1, 1, 0, ulong.MaxValue, 0, 0, 0).ToArray();
        CollectGarbageRequest request = new() { Action = GcAction.ReturnDead };

        Assert.That(Write(Feature, request), Is.EqualTo(bytes));
        Assert.That(await ReadAsync(Feature, bytes), Is.EqualTo(request));
    }

    [Test]
    public async Task Certain_paths_with_the_feature()
    {
        byte[] bytes = new WireBytes().U64(2, 0, 1).Text(Samples.A).U64(1, 0, 5, 0, 0, 0).ToArray();
        CollectGarbageRequest request = new() { Action = GcAction.DeleteDead, Paths = Paths, DeleteReferrers = true, MaxFreed = 5 };

        CollectGarbageRequest read = await ReadAsync(Feature, bytes);

        Assert.That(Write(Feature, request), Is.EqualTo(bytes));
        Assert.That(read.Paths, Is.EqualTo(Paths));
        Assert.That(read, Is.EqualTo(request with { Paths = read.Paths }));
    }

    [Test]
    public void Unknown_action_or_extent_is_refused()
    {
        Assert.That(
            async () => await ReadAsync(Contexts.Current, new WireBytes().U64(4, 0, 0, 0, 0, 0, 0).ToArray()),
            Throws.TypeOf<WireException>());
        Assert.That(
            async () => await ReadAsync(Feature, new WireBytes().U64(2, 2, 0, 0, 0, 0, 0).ToArray()), Throws.TypeOf<WireException>());
    }

    private static byte[] Write(MessageContext context, CollectGarbageRequest request) =>
        Codec.Write(w => CollectGarbageRequestCodec.Write(w, context, request));

    private static Task<CollectGarbageRequest> ReadAsync(MessageContext context, byte[] bytes) =>
        Codec.ReadAsync(bytes, r => CollectGarbageRequestCodec.ReadAsync(r, context, default));
}
