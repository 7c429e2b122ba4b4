using System.Buffers;
using System.Text;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>What the daemon stores besides paths: roots, logs, signatures and realisations.</summary>
public sealed class RootsAndLogsTests
{
    private SampleStore _store = null!;

    private string Auto => Path.Combine(_store.StateDirectory, "gcroots", "auto");

    [SetUp]
    public void Begin() => _store = new SampleStore();

    [TearDown]
    public void End() => _store.Dispose();

    [Test]
    public async Task An_indirect_root_is_named_by_the_hash_of_its_path()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();
        string link = Path.Combine(_store.StateDirectory, "result");
        for (int i = 0; i < 2; i++)
        {
            await client.AskAsync(Operation.AddIndirectRoot, (writer, _) => writer.WriteString(link));
            Assert.That(await client.Reader.ReadUInt64Async(default), Is.EqualTo(1));
        }

        FileInfo root = new(Directory.GetFileSystemEntries(Auto).Single());
        Assert.That(root.Name, Is.EqualTo(Hash.Of(HashAlgorithm.Sha1, Encoding.UTF8.GetBytes(link)).ToBase32()));
        Assert.That(root.LinkTarget, Is.EqualTo(link));
        Assert.That(
            () => client.AskAsync(Operation.AddIndirectRoot, (writer, _) => writer.WriteString("relative")),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains("absolute"));
    }

    [Test]
    public async Task A_permanent_root_is_made_and_registered_but_nothing_is_overwritten()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();
        string link = Path.Combine(_store.StateDirectory, "roots", "result");
        foreach (StorePath path in new[] { Library, Top })
        {
            await AskForRootAsync(client, path, link);
            Assert.That(await client.Reader.ReadStringAsync(1000, default), Is.EqualTo(link));
            Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(Print(path)));
        }

        Assert.That(new FileInfo(Directory.GetFileSystemEntries(Auto).Single()).LinkTarget, Is.EqualTo(link));
        string file = Path.Combine(_store.StateDirectory, "file");
        await File.WriteAllTextAsync(file, "mine");
        foreach ((string place, string problem) in new[] { (file, "already exists"), (_store.StateDirectory, "already exists"), (Print(Missing), "forbidden"), ("x", "absolute") })
            Assert.That(() => AskForRootAsync(client, Top, place), Throws.TypeOf<RemoteErrorException>().With.Message.Contains(problem));
        Assert.That(await File.ReadAllTextAsync(file), Is.EqualTo("mine"));
    }

    [Test]
    public async Task An_untrusted_client_makes_no_links_and_no_logs()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();
        string link = Path.Combine(_store.StateDirectory, "result");

        Assert.That(() => AskForRootAsync(client, Top, link), Throws.TypeOf<RemoteErrorException>().With.Message.Contains("not privileged"));
        Assert.That(() => AddLogAsync(client, "log"), Throws.TypeOf<RemoteErrorException>().With.Message.Contains("not privileged"));
        Assert.That(await client.IsValidPathAsync(Top), Is.True);
        Assert.That(File.Exists(link), Is.False);
        Assert.That(Directory.Exists(_store.LogDirectory), Is.False);
    }

    [Test]
    public async Task The_first_log_of_a_derivation_is_kept()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();
        foreach (string text in new[] { "first\n", "second\n" })
        {
            await AddLogAsync(client, text);
            Assert.That(await client.Reader.ReadUInt64Async(default), Is.EqualTo(1));
        }

        string folder = Path.Combine(_store.LogDirectory, "drvs", TopDerivation.BaseName[..2]);
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EqualTo(new[] { TopDerivation.BaseName[2..] }));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder, TopDerivation.BaseName[2..])), Is.EqualTo("first\n"));
    }

    [Test]
    public async Task Signatures_are_added_to_those_that_are_there()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();
        string signature = Key.Sign("anything"u8).ToString();
        for (int i = 0; i < 2; i++)
        {
            await SignAsync(client, Top, signature);
            Assert.That(await client.Reader.ReadUInt64Async(default), Is.EqualTo(1));
        }

        Assert.That(_store.Services.Database.QueryPathInfo(Top)!.Signatures, Is.EqualTo(new[] { TopSignature, signature }.Order(StringComparer.Ordinal)));
        Assert.That(() => SignAsync(client, Missing, signature), Throws.TypeOf<RemoteErrorException>().With.Message.Contains("is not valid"));
        Assert.That(() => SignAsync(client, Top, "a b"), Throws.TypeOf<RemoteErrorException>().With.Message.Contains("is not a signature"));
        Assert.That(await client.IsValidPathAsync(Top), Is.True);
    }

    [Test]
    public async Task Realisations_are_recorded_by_hash_and_by_path([Values] bool byPath)
    {
        CreateRealisationTables();
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync(38, byPath ? [ProtocolFeatures.RealisationWithPathNotHash] : []);

        await RegisterAsync(client, Top, []);
        string signature = Key.Sign("anything"u8).ToString();
        await RegisterAsync(client, Top, [signature]);

        Assert.That(Found(byPath), Is.EqualTo((Top, signature)));
        Assert.That(() => RegisterAsync(client, Library, []), Throws.TypeOf<RemoteErrorException>().With.Message.Contains("we already have another one"));
        Assert.That(await client.IsValidPathAsync(Top), Is.True);
    }

    [Test]
    public async Task An_untrusted_client_needs_a_signature_for_a_realisation([Values] bool byPath)
    {
        CreateRealisationTables();
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync(38, byPath ? [ProtocolFeatures.RealisationWithPathNotHash] : []);
        Assert.That(() => RegisterAsync(client, Top, []), Throws.TypeOf<RemoteErrorException>().With.Message.Contains("lacks a signature"));

        byte[] fingerprint = byPath
            ? new UnkeyedRealisation { OutPath = Top }.Fingerprint(new BuildTraceKey(TopDerivation, "out"))
            : new Realisation { Id = Id, OutPath = Top }.Fingerprint();
        await RegisterAsync(client, Top, [Key.Sign(fingerprint).ToString()]);

        Assert.That(Found(byPath).Path, Is.EqualTo(Top));
    }

    [Test]
    public async Task Without_a_table_realisations_are_refused([Values] bool byPath)
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync(38, byPath ? [ProtocolFeatures.RealisationWithPathNotHash] : []);

        Assert.That(() => RegisterAsync(client, Top, []), Throws.TypeOf<RemoteErrorException>().With.Message.Contains("'ca-derivations' is disabled"));
        Assert.That(await client.IsValidPathAsync(Top), Is.True);
    }

    private static DrvOutput Id { get; } = new("sha256:" + new string('a', 64), "out");

    private void CreateRealisationTables() => _store.Execute(
        "create table Realisations (id integer primary key, drvPath text not null, outputName text not null, outputPath integer not null, signatures text)",
        "create table RealisationsRefs (referrer integer not null, realisationReference integer)",
        "create table BuildTraceV3 (id integer primary key, drvPath text not null, outputName text not null, outputPath text not null, signatures text not null)");

    private (StorePath Path, string Signature) Found(bool byPath)
    {
        if (byPath)
        {
            UnkeyedRealisation value = _store.Services.Database.QueryRealisation(new BuildTraceKey(TopDerivation, "out"))!;
            return (value.OutPath, value.Signatures.Single());
        }

        Realisation realisation = _store.Services.Database.QueryRealisation(Id)!;
        return (realisation.OutPath, realisation.Signatures.Single());
    }

    private static Task RegisterAsync(SessionClient client, StorePath path, string[] signatures) => client.AskAsync(
        Operation.RegisterDrvOutput,
        (writer, context) =>
        {
            if (context.RealisationWithPathNotHash)
            {
                UnkeyedRealisation value = new() { OutPath = path, Signatures = signatures };
                BuildTraceEntryCodec.Write(writer, context, new BuildTraceEntry(new BuildTraceKey(TopDerivation, "out"), value));
            }
            else
            {
                RealisationCodec.Write(writer, context, new Realisation { Id = Id, OutPath = path, Signatures = signatures });
            }
        });

    private static Task SignAsync(SessionClient client, StorePath path, string signature) => client.AskAsync(
        Operation.AddSignatures,
        (writer, context) => AddSignaturesRequestCodec.Write(writer, context, new AddSignaturesRequest(path, [signature])));

    private static Task AskForRootAsync(SessionClient client, StorePath path, string link) => client.AskAsync(
        Operation.AddPermRoot,
        (writer, context) => AddPermRootRequestCodec.Write(writer, context, new AddPermRootRequest(path, Encoding.UTF8.GetBytes(link))));

    private static Task AddLogAsync(SessionClient client, string text) => client.AskAsync(
        Operation.AddBuildLog,
        (writer, _) =>
        {
            StorePathCodec.WriteBaseName(writer, TopDerivation);
            writer.WriteUInt64((ulong)text.Length);
            writer.Write(Encoding.UTF8.GetBytes(text));
            writer.WriteUInt64(0);
        });
}
