using FsCheck;
using FsCheck.Fluent;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages.Queries;

/// <summary>The messages of Harmonia's own operations; their layout is checked in <see cref="MessageLayoutTests"/>.</summary>
public sealed class HarmoniaCacheCodecTests
{
    [Test]
    public void Hash_parts_come_back_as_they_went() =>
        Prop.ForAll<int[]>(numbers =>
        {
            StorePathHash[] hashParts = [.. numbers.Select(FakeStore.Hash)];
            byte[] bytes = Codec.Write(writer => StorePathHashCodec.WriteList(writer, hashParts));
            Assert.That(
                Codec.ReadAsync(bytes, reader => StorePathHashCodec.ReadListAsync(reader, WireLimits.HashParts, default)).GetAwaiter().GetResult(),
                Is.EqualTo(hashParts));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Path_infos_and_gaps_come_back_as_they_went() =>
        Prop.ForAll<bool[]>(valid =>
        {
            ValidPathInfo?[] infos = [.. valid.Select((isValid, i) => isValid ? InfoOf(i) : null)];
            byte[] bytes = Codec.Write(writer => OptionalPathInfosCodec.Write(writer, Contexts.Current, infos));
            Assert.That(
                Codec.ReadAsync(bytes, reader => OptionalPathInfosCodec.ReadAsync(reader, Contexts.Current, infos.Length, default))
                    .GetAwaiter().GetResult(),
                Is.EqualTo(infos));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void AwaitStoreChange_is_read_as_it_was_written() =>
        Prop.ForAll<ulong, uint>((generation, milliseconds) =>
        {
            AwaitStoreChangeRequest request = new(generation, TimeSpan.FromMilliseconds(milliseconds));
            byte[] bytes = Codec.Write(writer => AwaitStoreChangeRequestCodec.Write(writer, request));
            Assert.That(
                Codec.ReadAsync(bytes, reader => AwaitStoreChangeRequestCodec.ReadAsync(reader, default)).GetAwaiter().GetResult(),
                Is.EqualTo(request));
        }).QuickCheckThrowOnFailure();

    [Test]
    public async Task A_change_of_any_path_names_none()
    {
        byte[] bytes = new WireBytes().U64(8, 1).ToArray();

        StoreChange change = await Codec.ReadAsync(bytes, reader => StoreChangeCodec.ReadAsync(reader, Contexts.Current, default));

        Assert.That(change, Is.EqualTo(new StoreChange(8, null)));
        Assert.That(Codec.Write(writer => StoreChangeCodec.Write(writer, Contexts.Current, change)), Is.EqualTo(bytes));
    }

    [Test]
    public async Task Without_the_newer_feature_a_change_of_some_path_is_one_of_any()
    {
        byte[] bytes = Codec.Write(writer => StoreChangeCodec.Write(writer, Contexts.Current, new StoreChange(8, [FakeStore.Hash(1)])));

        Assert.That(bytes, Is.EqualTo(new WireBytes().U64(8, 1).ToArray()));
        Assert.That(
            await Codec.ReadAsync(bytes, reader => StoreChangeCodec.ReadAsync(reader, Contexts.Current, default)), Is.EqualTo(new StoreChange(8, null)));
    }

    [Test]
    public async Task Paths_that_an_older_daemon_names_are_known_by_their_hash_parts()
    {
        byte[] bytes = new WireBytes().U64(8, 0, 2).Text(Samples.A, Samples.B).ToArray();

        StoreChange change = await Codec.ReadAsync(bytes, reader => StoreChangeCodec.ReadAsync(reader, Contexts.Current, default));

        Assert.That(change.HashParts, Is.EqualTo(new[] { Samples.PathOf(Samples.A).Hash, Samples.PathOf(Samples.B).Hash }));
    }

    [Test]
    public async Task More_changed_paths_than_allowed_are_refused_before_they_are_read()
    {
        byte[] bytes = new WireBytes().U64(8, 0, WireLimits.ChangedPaths + 1).ToArray();

        await Assert.ThatAsync(
            () => Codec.ReadAsync(bytes, reader => StoreChangeCodec.ReadAsync(reader, Contexts.At(38, ProtocolFeatures.HarmoniaChanges), default)),
            Throws.TypeOf<WireException>());
    }

    [Test]
    public async Task More_hash_parts_than_allowed_are_refused_before_they_are_read()
    {
        byte[] bytes = new WireBytes().U64(WireLimits.HashParts + 1).ToArray();

        await Assert.ThatAsync(
            () => Codec.ReadAsync(bytes, reader => StorePathHashCodec.ReadListAsync(reader, WireLimits.HashParts, default)), Throws.TypeOf<WireException>());
    }

    private static ValidPathInfo InfoOf(int number)
    {
        StorePath path = FakeStore.PathOf(FakeStore.Hash(number));
        return new ValidPathInfo { Path = path, Info = FakeStore.InfoOf(path) };
    }
}
