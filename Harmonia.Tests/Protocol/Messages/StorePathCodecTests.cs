using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

public sealed class StorePathCodecTests
{
    private static readonly StorePath A = Samples.PathOf(Samples.A);
    private static readonly StorePath B = Samples.PathOf(Samples.B);

    [Test]
    public async Task Path_is_absolute_on_the_wire()
    {
        byte[] bytes = new WireBytes().Text(Samples.A).ToArray();

        Assert.That(Codec.Write(w => StorePathCodec.Write(w, Contexts.Current, A)), Is.EqualTo(bytes));
        Assert.That(await Codec.ReadAsync(bytes, r => StorePathCodec.ReadAsync(r, Contexts.Current, default)), Is.EqualTo(A));
    }

    [Test]
    public async Task Directory_of_the_store_is_that_of_the_context()
    {
        MessageContext context = Contexts.Current with { StoreDirectory = StoreDirectory.Parse($"/läden/{new string('x', 200)}") };
        byte[] bytes = new WireBytes().Text($"{context.StoreDirectory}/{A}").ToArray();

        Assert.That(Codec.Write(w => StorePathCodec.Write(w, context, A)), Is.EqualTo(bytes));
        Assert.That(await Codec.ReadAsync(bytes, r => StorePathCodec.ReadAsync(r, context, default)), Is.EqualTo(A));
        Assert.That(
            async () => await Codec.ReadAsync(bytes, r => StorePathCodec.ReadAsync(r, Contexts.Current, default)),
            Throws.TypeOf<WireException>());
    }

    [Test]
    public async Task Path_is_normalised_before_it_is_looked_at()
    {
        byte[] bytes = new WireBytes().Text($"/nix/./store//{A}/").ToArray();

        Assert.That(await Codec.ReadAsync(bytes, r => StorePathCodec.ReadAsync(r, Contexts.Current, default)), Is.EqualTo(A));
    }

    [TestCase("")]
    [TestCase("/nix/store")]
    [TestCase("/etc/passwd")]
    [TestCase("/nix/store/0c0y0wrs5dywh5vjxqcjivpx9dpf7cxy-a/bin")]
    [TestCase("0c0y0wrs5dywh5vjxqcjivpx9dpf7cxy-a")]
    public void Anything_else_is_refused_and_shown(string text)
    {
        byte[] bytes = new WireBytes().Text(text).ToArray();

        Assert.That(
            async () => await Codec.ReadAsync(bytes, r => StorePathCodec.ReadAsync(r, Contexts.Current, default)),
            Throws.TypeOf<WireException>().With.Message.Contains($"'{text}'"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(9)]
    public async Task Only_the_first_paths_of_a_set_are_kept_and_all_are_counted(int max)
    {
        byte[] bytes = new WireBytes().U64(2).Text(Samples.A).Text(Samples.B).ToArray();

        FirstPaths first = await Codec.ReadAsync(bytes, r => StorePathCodec.ReadFirstAsync(r, Contexts.Current, max, default));

        Assert.That(first.Count, Is.EqualTo(2));
        Assert.That(first.Paths, Is.EqualTo(new[] { A, B }.Take(max)));
    }

    [Test]
    public void Bytes_that_are_not_text_are_refused()
    {
        byte[] bytes = new WireBytes().Bytes([.. "/nix/store/"u8, 0xff]).ToArray();

        Assert.That(
            async () => await Codec.ReadAsync(bytes, r => StorePathCodec.ReadAsync(r, Contexts.Current, default)),
            Throws.TypeOf<WireException>());
    }

    [Test]
    public async Task Empty_string_is_not_a_path()
    {
        byte[] bytes = new WireBytes().Text("").ToArray();

        Assert.That(Codec.Write(w => StorePathCodec.WriteOptional(w, Contexts.Current, null)), Is.EqualTo(bytes));
        Assert.That(await Codec.ReadAsync(bytes, r => StorePathCodec.ReadOptionalAsync(r, Contexts.Current, default)), Is.Null);
    }

    [Test]
    public async Task Set_is_written_ascending_and_read_in_any_order()
    {
        byte[] ascending = new WireBytes().U64(2).Text(Samples.A, Samples.B).ToArray();
        byte[] other = new WireBytes().U64(3).Text(Samples.B, Samples.A, Samples.B).ToArray();

        Assert.That(Codec.Write(w => StorePathCodec.WriteSet(w, Contexts.Current, [B, A, B])), Is.EqualTo(ascending));
        Assert.That(await Codec.ReadAsync(other, r => StorePathCodec.ReadSetAsync(r, Contexts.Current, default)), Is.EqualTo([A, B]));
    }

    [Test]
    public async Task Set_of_a_whole_store_is_sent_on_the_way()
    {
        StorePath[] paths = [.. Enumerable.Range(10_000, 5_000).Select(n => StorePath.Parse($"{A}-{n}"))];
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);

        await StorePathCodec.WriteSetAsync(writer, Contexts.Current, paths, default);

        Assert.That(stream.Length, Is.GreaterThan(200_000));
        await writer.FlushAsync(default);
        Assert.That(
            await Codec.ReadAsync(stream.ToArray(), r => StorePathCodec.ReadSetAsync(r, Contexts.Current, default)), Is.EqualTo(paths));
    }

    [Test]
    public async Task Hash_parts_are_read_one_by_one()
    {
        string longest = $"{Samples.A[..44]}{new string('n', StorePathName.MaxLength)}";
        byte[] bytes = new WireBytes().U64(3).Text(Samples.B, Samples.A, longest).ToArray();
        List<StorePathHash> found = [];

        Assert.That(await ReadHashPartsAsync(bytes, found.Add), Is.EqualTo(3));

        Assert.That(found.Select(static hash => hash.ToString()), Is.EqualTo(new[] { Samples.B[11..43], Samples.A[11..43], Samples.A[11..43] }));
    }

    [TestCase("/nix/store/")]
    [TestCase("/nix/store/00000000000000000000000000000000")]
    [TestCase("/nix/store/00000000000000000000000000000000-")]
    [TestCase("/nix/store/00000000000000000000000000000000+name")]
    [TestCase("/nix/store/e0000000000000000000000000000000-name")]
    [TestCase("/nix/store/00000000000000000000000000000000-na/me")]
    [TestCase("/nix/störe/00000000000000000000000000000000-name")]
    [TestCase("/gnu/store/00000000000000000000000000000000-name")]
    public Task Hash_parts_of_other_things_are_not_read(string path) => Assert.ThatAsync(
        () => ReadHashPartsAsync(new WireBytes().U64(1).Text(path).ToArray(), static _ => { }), Throws.TypeOf<WireException>());

    [Test]
    public async Task Hash_parts_end_where_the_set_does()
    {
        byte[] bytes = new WireBytes().U64(2).Text(Samples.B, Samples.A).ToArray();

        await Assert.ThatAsync(() => ReadHashPartsAsync(bytes[..^8], static _ => { }), Throws.TypeOf<WireException>());
        await Assert.ThatAsync(
            () => ReadHashPartsAsync(new WireBytes().U64(WireLimits.StorePaths + 1).ToArray(), static _ => { }), Throws.TypeOf<WireException>());
    }

    [Test]
    public async Task List_keeps_its_order()
    {
        byte[] bytes = new WireBytes().U64(2).Text(Samples.B, Samples.A).ToArray();

        Assert.That(Codec.Write(w => StorePathCodec.WriteList(w, Contexts.Current, [B, A])), Is.EqualTo(bytes));
        Assert.That(await Codec.ReadAsync(bytes, r => StorePathCodec.ReadListAsync(r, Contexts.Current, default)), Is.EqualTo([B, A]));
    }

    [Test]
    public async Task AddBuildLog_has_a_base_name()
    {
        byte[] bytes = new WireBytes().Text(Samples.A[11..]).ToArray();
        byte[] absolute = new WireBytes().Text(Samples.A).ToArray();

        Assert.That(Codec.Write(w => StorePathCodec.WriteBaseName(w, A)), Is.EqualTo(bytes));
        Assert.That(await Codec.ReadAsync(bytes, r => StorePathCodec.ReadBaseNameAsync(r, default)), Is.EqualTo(A));
        Assert.That(
            async () => await Codec.ReadAsync(absolute, r => StorePathCodec.ReadBaseNameAsync(r, default)), Throws.TypeOf<WireException>());
    }

    private static Task<int> ReadHashPartsAsync(byte[] bytes, Action<StorePathHash> found) =>
        Codec.ReadAsync(bytes, reader => StorePathCodec.ReadHashPartsAsync(reader, Contexts.Current, found, default));
}
