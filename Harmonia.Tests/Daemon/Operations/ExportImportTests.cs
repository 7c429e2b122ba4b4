using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>Export and import of paths, as old clients use them.</summary>
public sealed class ExportImportTests
{
    private static readonly StorePath New = StorePath.Parse("08888888888888888888888888888888-new");

    private SampleStore _store = null!;

    [SetUp]
    public void Begin() => _store = new SampleStore();

    [TearDown]
    public void End()
    {
        string[] names = [.. Directory.GetFileSystemEntries(_store.RealStoreDirectory).Select(Path.GetFileName).OfType<string>()];
        _store.Dispose();
        Assert.That(names, Has.None.StartsWith("tmp-").And.None.EndsWith(".lock"));
    }

    [Test]
    public async Task What_is_exported_can_be_imported([Values((byte)18, (byte)38)] byte minor)
    {
        byte[] data;
        await using (SessionHarness harness = new(_store))
        {
            using SessionClient client = await harness.ConnectAsync(minor);
            CorrectHashOfTop();
            await ExportAsync(client, Top);
            data = client.Data.ToArray();
            Assert.That(await client.Reader.ReadUInt64Async(default), Is.EqualTo(1));
        }

        using SampleStore other = new();
        other.Execute($"delete from DerivationOutputs where path = '{Print(Top)}'", $"delete from ValidPaths where path = '{Print(Top)}'");
        File.Delete($"{other.RealStoreDirectory}/{Top}");
        await using SessionHarness target = new(other);
        using SessionClient importer = await target.ConnectAsync(minor);
        await ImportAsync(importer, [.. new WireBytes().U64(1).ToArray(), .. data, .. new WireBytes().U64(0).ToArray()]);

        Assert.That(await StorePathCodec.ReadListAsync(importer.Reader, importer.Context, default), Is.EqualTo([Top]));
        Assert.That(await File.ReadAllTextAsync($"{other.RealStoreDirectory}/{Top}"), Is.EqualTo("contents of top\n"));
        UnkeyedValidPathInfo info = other.Services.Database.QueryPathInfo(Top)!;
        Assert.That(info.References, Is.EqualTo([Library, Top]));
        Assert.That(info.Deriver, Is.EqualTo(TopDerivation));
    }

    [Test]
    public async Task A_path_that_has_changed_is_not_exported()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(() => ExportAsync(client, Top), Throws.TypeOf<RemoteErrorException>().With.Message.Contains("has changed from"));
        Assert.That(() => ExportAsync(client, Missing), Throws.TypeOf<RemoteErrorException>().With.Message.Contains("is not valid"));
        Assert.That(() => ExportAsync(client, Library), Throws.TypeOf<RemoteErrorException>().With.Message.Contains("nothing at"));
        Assert.That(await client.IsValidPathAsync(Top), Is.True);
    }

    [Test]
    public async Task An_import_has_a_signature_of_old_and_may_have_what_is_valid_already()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        await ImportAsync(client, [.. Exported(Top, "other"), .. Exported(New, "new", oldSignature: true), .. new WireBytes().U64(0).ToArray()]);

        Assert.That(await StorePathCodec.ReadListAsync(client.Reader, client.Context, default), Is.EqualTo([Top, New]));
        Assert.That(await File.ReadAllTextAsync($"{_store.RealStoreDirectory}/{Top}"), Is.EqualTo("contents of top\n"));
        Assert.That(await File.ReadAllTextAsync($"{_store.RealStoreDirectory}/{New}"), Is.EqualTo("new"));
    }

    [Test]
    public async Task An_untrusted_client_cannot_import()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(
            () => ImportAsync(client, [.. Exported(New, "new"), .. new WireBytes().U64(0).ToArray()]),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains("lacks a signature by a trusted key"));
        Assert.That(await client.IsValidPathAsync(New), Is.False);
    }

    [Test]
    public async Task Bytes_that_are_not_an_export_are_refused_and_earlier_paths_stay()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();
        byte[] good = Exported(New, "new");
        byte[] wrongMagic = [.. good];
        wrongMagic[good.AsSpan().IndexOf("NIXE"u8)] = 0;
        (byte[] Data, string Problem)[] wrong =
        [
            ([.. new WireBytes().U64(2).ToArray()], "doesn't look like something created by 'nix-store --export'"),
            (wrongMagic, "wrong format"),
            ([.. new WireBytes().U64(1).Text("this is no NAR").ToArray()], "Expected"),
            (good[..^8], ""),
        ];
        foreach ((byte[] data, string problem) in wrong)
        {
            Assert.That(() => ImportAsync(client, data), Throws.TypeOf<RemoteErrorException>().With.Message.Contains(problem));
            Assert.That(await client.IsValidPathAsync(New), Is.False);
        }

        Assert.That(() => ImportAsync(client, [.. good, .. wrong[0].Data]), Throws.TypeOf<RemoteErrorException>());
        Assert.That(await client.IsValidPathAsync(New), Is.True);
    }

    private static Task ExportAsync(SessionClient client, StorePath path) => client.AskAsync(
        Operation.ExportPath, (writer, context) => ExportPathRequestCodec.Write(writer, context, new ExportPathRequest(path, false)));

    private static async Task ImportAsync(SessionClient client, byte[] data)
    {
        client.Writer.WriteUInt64((uint)Operation.ImportPaths);
        await client.Writer.FlushAsync(default);
        await client.UploadPulledAsync(data);
    }

    private static byte[] Exported(StorePath path, string contents, bool oldSignature = false)
    {
        WireBytes bytes = new WireBytes().U64(1).Text("nix-archive-1", "(", "type", "regular", "contents", contents, ")")
            .U64(0x4558494e).Text(Print(path)).U64(1).Text(Print(Library)).Text("");
        return (oldSignature ? bytes.U64(1).Text("1;old") : bytes.U64(0)).ToArray();
    }

    private void CorrectHashOfTop()
    {
        byte[] nar = new WireBytes().Text("nix-archive-1", "(", "type", "regular", "contents", "contents of top\n", ")").ToArray();
        _store.Execute($"update ValidPaths set hash = '{NarHash.Of(nar).ToPrefixedBase16()}' where path = '{Print(Top)}'");
    }
}
