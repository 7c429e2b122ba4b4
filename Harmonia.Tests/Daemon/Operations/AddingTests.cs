using System.Buffers;
using System.Text;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>Adding paths, message by message: every layout, every refusal, and no files left behind.</summary>
public sealed class AddingTests
{
    private static readonly byte[] Nar = FileNar("hello\n");
    private static readonly StorePath Path1 = StorePath.Parse("08888888888888888888888888888888-one");
    private static readonly StorePath Path2 = StorePath.Parse("09999999999999999999999999999999-two");

    private SampleStore _store = null!;

    [SetUp]
    public void Begin() => _store = new SampleStore();

    [TearDown]
    public void End()
    {
        string[] strays = [.. Directory.GetFileSystemEntries(_store.RealStoreDirectory).Select(entry => Path.GetFileName(entry)).Where(IsStray)];
        _store.Dispose();
        Assert.That(strays, Is.Empty, "No lock and no scratch directory stays.");
    }

    [Test]
    public async Task A_nar_is_added_in_every_layout([Values((byte)18, (byte)20, (byte)21, (byte)22, (byte)23, (byte)38)] byte minor)
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync(minor);
        ValidPathInfo info = Info(Path1, references: [Path1, Library], deriver: TopDerivation, time: 1234, ultimate: true);

        await AddNarAsync(client, info, Nar, dontCheck: true);

        Assert.That(await File.ReadAllTextAsync($"{_store.RealStoreDirectory}/{Path1}"), Is.EqualTo("hello\n"));
        await client.AskAsync(Operation.QueryPathInfo, Path1);
        Assert.That(await UnkeyedValidPathInfoCodec.ReadOptionalAsync(client.Reader, client.Context, default), Is.EqualTo(info.Info));
    }

    [Test]
    public async Task A_nar_that_is_not_what_was_said_is_refused()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();
        UnkeyedValidPathInfo good = Info(Path1).Info;
        (UnkeyedValidPathInfo Info, string Problem)[] lies =
        [
            (good with { NarHash = default }, "hash mismatch importing path"),
            (good with { NarSize = 1 }, "size mismatch importing path"),
            (good with { References = [Missing] }, "is not valid"),
            (good with { ContentAddress = ContentAddress.Parse("fixed:r:" + good.NarHash.ToPrefixedBase32()) }, "claims to be content-addressed but isn't"),
            (good with { ContentAddress = ContentAddress.Parse("fixed:sha1:" + new string('0', 32)) }, "ca hash mismatch importing path"),
            (good with { ContentAddress = ContentAddress.Parse("fixed:git:sha1:" + new string('0', 32)) }, "git-hashing"),
        ];
        foreach ((UnkeyedValidPathInfo info, string problem) in lies)
            await AssertRefusedAsync(client, new ValidPathInfo { Path = Path1, Info = info }, Nar, problem);

        byte[] evil = Encoding.UTF8.GetBytes("this is no NAR at all, but long enough to be read as one");
        await AssertRefusedAsync(client, Info(Path1), evil, "Expected a string");
        await AssertRefusedAsync(client, Info(Path1), Nar[..^8], "");
        Assert.That(File.Exists($"{_store.RealStoreDirectory}/{Path1}"), Is.False);
    }

    [Test]
    public async Task An_untrusted_client_needs_a_valid_signature()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();
        const string Problem = "because it lacks a signature by a trusted key";
        ValidPathInfo plain = Info(Path1, ultimate: true);
        byte[] fingerprint = Fingerprint.Of(StoreDirectory.Default, plain);
        await AssertRefusedAsync(client, plain, Nar, Problem);
        await AssertRefusedAsync(client, Signed(plain, SecretKey.Generate("trusted-1").Sign(fingerprint).ToString()), Nar, Problem);
        await AssertRefusedAsync(client, Signed(plain, SecretKey.Generate("other-1").Sign(fingerprint).ToString()), Nar, Problem);
        await AssertRefusedAsync(client, Signed(Info(Path2), Key.Sign(fingerprint).ToString()), Nar, Problem);

        await AddNarAsync(client, Signed(plain, Key.Sign(fingerprint).ToString(), "rubbish"), Nar, dontCheck: true);

        UnkeyedValidPathInfo info = _store.Services.Database.QueryPathInfo(Path1)!;
        Assert.That(info.Ultimate, Is.False);
        Assert.That(info.Signatures, Is.EqualTo(new[] { Key.Sign(fingerprint).ToString() }));
    }

    [Test]
    public async Task A_trusted_client_may_do_without_signature_only_if_he_says_so()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        await AssertRefusedAsync(client, Info(Path1), Nar, "lacks a signature", dontCheck: false);
        await AddNarAsync(client, Info(Path1), Nar, dontCheck: true);
    }

    [Test]
    public async Task What_is_named_by_its_content_needs_no_signature()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();
        ContentAddress address = new(ContentAddressMethod.Nar, NarHash.Of(Nar).ToHash());
        StorePath path = StorePathComputation.MakeFixedOutputPath(StoreDirectory.Default, "file", address, [], refersToSelf: false);
        ValidPathInfo info = Info(path);

        await AddNarAsync(client, info with { Info = info.Info with { ContentAddress = address } }, Nar, dontCheck: false);

        Assert.That(_store.Services.Database.IsValidPath(path), Is.True);
    }

    [Test]
    public async Task A_valid_path_is_left_alone_unless_it_is_to_be_repaired()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();
        byte[] nar = FileNar("repaired\n");
        await AddNarAsync(client, Info(Top, nar), nar, dontCheck: true);
        Assert.That(await File.ReadAllTextAsync($"{_store.RealStoreDirectory}/{Top}"), Is.EqualTo("contents of top\n"));

        await AddNarAsync(client, Info(Top, nar), nar, dontCheck: true, repair: true);
        Assert.That(await File.ReadAllTextAsync($"{_store.RealStoreDirectory}/{Top}"), Is.EqualTo("repaired\n"));
        Assert.That(_store.Services.Database.QueryPathInfo(Top)!.NarHash, Is.EqualTo(NarHash.Of(nar)));
    }

    [Test]
    public async Task Many_paths_are_added_and_a_refused_one_leaves_those_before_it()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        await AddManyAsync(client, (Info(Top), Nar), (Info(Path1), Nar), (Info(Path1), Nar));
        Assert.That(_store.Services.Database.IsValidPath(Path1), Is.True);

        StorePath path3 = StorePath.Parse("0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-three");
        Assert.That(
            () => AddManyAsync(client, (Info(Path2, references: [Path1]), Nar), (Info(path3), FileNar("other"))),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains("hash mismatch"));
        Assert.That(_store.Services.Database.IsValidPath(Path2), Is.True);
        Assert.That(await client.IsValidPathAsync(path3), Is.False);
    }

    [Test]
    public async Task Paths_that_refer_to_each_other_in_a_circle_are_refused()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(
            () => AddManyAsync(client, (Info(Path1, references: [Path2]), Nar), (Info(Path2, references: [Path1]), Nar)),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains("cycle detected"));
        Assert.That(await client.IsValidPathAsync(Path1), Is.False);
        Assert.That(File.Exists($"{_store.RealStoreDirectory}/{Path1}"), Is.False);
    }

    [Test]
    public async Task A_derivation_that_claims_the_output_of_another_is_refused()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();
        string text = $"""Derive([("out","{Print(Top)}","","")],[],[],"x86_64-linux","/bin/sh",[],[("out","{Print(Top)}")])""";

        Assert.That(
            () => AddFlatAsync(client, "evil.drv", "text:sha256", text),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains($"has incorrect output '{Print(Top)}', should be '"));
        Assert.That(
            () => AddFlatAsync(client, "no.drv", "text:sha256", "no derivation"),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains("error parsing derivation"));
        Assert.That(await client.IsValidPathAsync(Top), Is.True);
    }

    [TestCase("no.such", "fixed:r:sha3", "is not a content-addressing method")]
    [TestCase("/", "fixed:sha256", "")]
    [TestCase("file", "fixed:git:sha1", "git-hashing")]
    [TestCase("file", "fixed:blake3", "blake3-hashes")]
    public async Task What_cannot_be_a_path_is_refused(string name, string method, string problem)
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(() => AddFlatAsync(client, name, method, "text"), Throws.TypeOf<RemoteErrorException>().With.Message.Contains(problem));
        Assert.That(await client.IsValidPathAsync(Top), Is.True);
    }

    [TestCase(false, false, "")]
    [TestCase(true, true, "sha256")]
    [TestCase(true, false, "sha1")]
    public async Task Old_clients_always_send_a_nar(bool isFixed, bool recursive, string algorithm)
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync(24);
        OldAddToStoreRequest request = new() { Name = "x", Fixed = isFixed, Recursive = recursive, HashAlgorithm = algorithm };
        await client.AskAsync(Operation.AddToStore, (writer, _) =>
        {
            OldAddToStoreRequestCodec.Write(writer, request);
            writer.Write(Nar);
        });

        StorePath added = await StorePathCodec.ReadAsync(client.Reader, client.Context, default);
        Hash hash = Hash.Of(HashAlgorithm.Sha1, "hello\n"u8);
        StorePath expected = isFixed && !recursive
            ? StorePathComputation.MakeFixedOutputPath(StoreDirectory.Default, "x", new ContentAddress(ContentAddressMethod.Flat, hash), [], false)
            : StorePathComputation.MakeSourcePath(StoreDirectory.Default, "x", NarHash.Of(Nar), [], false);
        Assert.That(added, Is.EqualTo(expected));
        Assert.That(await client.IsValidPathAsync(added), Is.True);
    }

    [Test]
    public async Task A_text_of_an_old_client_has_references()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync(24);
        AddTextToStoreRequest request = new() { Name = "text", Text = "text"u8.ToArray(), References = [Top] };
        await client.AskAsync(Operation.AddTextToStore, (writer, context) => AddTextToStoreRequestCodec.Write(writer, context, request));

        StorePath path = await StorePathCodec.ReadAsync(client.Reader, client.Context, default);
        UnkeyedValidPathInfo info = _store.Services.Database.QueryPathInfo(path)!;
        Assert.That(info.References, Is.EqualTo(new[] { Top }));
        Assert.That(info.ContentAddress!.Method, Is.EqualTo(ContentAddressMethod.Text));
    }

    [Test]
    public async Task A_client_that_goes_away_in_the_middle_leaves_nothing()
    {
        await using (SessionHarness harness = new(_store))
        {
            using SessionClient client = await harness.ConnectAsync();
            client.Writer.WriteUInt64((uint)Operation.AddToStoreNar);
            AddToStoreNarRequestCodec.Write(client.Writer, client.Context, new AddToStoreNarRequest { Info = Info(Path1), DontCheckSignatures = true });
            client.Writer.WriteUInt64(1000);
            client.Writer.Write(Nar.AsSpan(0, Nar.Length - 16));
            await client.Writer.FlushAsync(default);
        }

        Assert.That(_store.Services.Database.IsValidPath(Path1), Is.False);
        Assert.That(Directory.GetFileSystemEntries(_store.RealStoreDirectory).Select(entry => Path.GetFileName(entry)), Has.None.StartsWith("tmp-"));
    }

    private static bool IsStray(string name) =>
        name.StartsWith("tmp-", StringComparison.Ordinal) || name.EndsWith(".lock", StringComparison.Ordinal);

    private static ValidPathInfo Info(
        StorePath path, byte[]? nar = null, StorePath[]? references = null, StorePath? deriver = null, ulong time = 0, bool ultimate = false) => new()
        {
            Path = path,
            Info = new UnkeyedValidPathInfo
            {
                NarHash = NarHash.Of(nar ?? Nar),
                NarSize = (ulong)(nar ?? Nar).Length,
                References = references ?? [],
                Deriver = deriver,
                RegistrationTime = time,
                Ultimate = ultimate,
            },
        };

    private static ValidPathInfo Signed(ValidPathInfo info, params string[] signatures) =>
        info with { Info = info.Info with { Signatures = signatures } };

    private static byte[] FileNar(string contents)
    {
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);
        foreach (string token in new[] { "nix-archive-1", "(", "type", "regular", "contents", contents, ")" })
            writer.WriteString(token);
        writer.FlushAsync(default).AsTask().GetAwaiter().GetResult();
        return stream.ToArray();
    }

    private static async Task AddNarAsync(SessionClient client, ValidPathInfo info, byte[] nar, bool dontCheck, bool repair = false)
    {
        AddToStoreNarRequest request = new() { Info = info, DontCheckSignatures = dontCheck, Repair = repair };
        bool isPulled = client.Context.Version.IsAtLeast(21) && !client.Context.Version.IsAtLeast(23);
        Action<WireWriter, MessageContext> write = (writer, context) =>
        {
            AddToStoreNarRequestCodec.Write(writer, context, request);
            if (context.Version.IsAtLeast(23))
                WriteFramed(writer, nar);
            else if (!isPulled)
                writer.Write(nar);
        };
        if (!isPulled)
        {
            await client.AskAsync(Operation.AddToStoreNar, write);
            return;
        }

        client.Writer.WriteUInt64((uint)Operation.AddToStoreNar);
        write(client.Writer, client.Context);
        await client.Writer.FlushAsync(default);
        await client.UploadPulledAsync(nar);
    }

    private static async Task AddManyAsync(SessionClient client, params (ValidPathInfo Info, byte[] Nar)[] paths)
    {
        using MemoryStream stream = new();
        using WireWriter inner = new(stream);
        inner.WriteUInt64((ulong)paths.Length);
        foreach ((ValidPathInfo info, byte[] nar) in paths)
        {
            ValidPathInfoCodec.Write(inner, client.Context.InsideAddMultipleToStore, info);
            inner.Write(nar);
        }

        await inner.FlushAsync(default);
        byte[] data = stream.ToArray();
        await client.AskAsync(Operation.AddMultipleToStore, (writer, _) =>
        {
            AddMultipleToStoreRequestCodec.Write(writer, new AddMultipleToStoreRequest(false, true));
            WriteFramed(writer, data);
        });
    }

    private static Task AddFlatAsync(SessionClient client, string name, string method, string contents) => client.AskAsync(
        Operation.AddToStore,
        (writer, context) =>
        {
            AddToStoreRequestCodec.Write(writer, context, new AddToStoreRequest { Name = name, Method = method });
            WriteFramed(writer, Encoding.UTF8.GetBytes(contents));
        });

    private static async Task AssertRefusedAsync(SessionClient client, ValidPathInfo info, byte[] nar, string problem, bool dontCheck = true)
    {
        RemoteErrorException? no = await Assert.ThrowsAsync<RemoteErrorException>(() => AddNarAsync(client, info, nar, dontCheck));
        Assert.That(no!.Message, Does.Contain(problem));
        Assert.That(await client.IsValidPathAsync(info.Path), Is.False);
    }

    private static void WriteFramed(WireWriter writer, byte[] data)
    {
        foreach (byte[] chunk in data.Chunk(37))
        {
            writer.WriteUInt64((ulong)chunk.Length);
            writer.Write(chunk);
        }

        writer.WriteUInt64(0);
    }
}
