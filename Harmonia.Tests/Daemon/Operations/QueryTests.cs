using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>Every query, over the wire, in the oldest and the newest version of the protocol.</summary>
[TestFixture((byte)18)]
[TestFixture((byte)21)]
[TestFixture((byte)34)]
[TestFixture((byte)38)]
public sealed class QueryTests(byte minor)
{
    private SampleStore _store = null!;
    private SessionHarness _harness = null!;
    private SessionClient _client = null!;

    private WireReader Reader => _client.Reader;

    [SetUp]
    public async Task ConnectAsync()
    {
        _store = new SampleStore();
        _harness = new SessionHarness(_store);
        _client = await _harness.ConnectAsync(minor);
    }

    [TearDown]
    public async Task DisconnectAsync()
    {
        Assert.That(await _client.IsValidPathAsync(Top), Is.True, "The connection is in step after whatever was asked.");
        _client.Dispose();
        await _harness.DisposeAsync();
        _store.Dispose();
    }

    [Test]
    public async Task IsValidPath_tells_valid_from_invalid()
    {
        Assert.That(await _client.IsValidPathAsync(Library), Is.True);
        Assert.That(await _client.IsValidPathAsync(Missing), Is.False);
    }

    [Test]
    public async Task QueryPathInfo_answers_what_the_database_has()
    {
        await _client.AskAsync(Operation.QueryPathInfo, Top);
        UnkeyedValidPathInfo info = (await UnkeyedValidPathInfoCodec.ReadOptionalAsync(Reader, _client.Context, default))!;

        Assert.That(info.Deriver, Is.EqualTo(TopDerivation));
        Assert.That(info.References, Is.EqualTo([Library, Top]));
        Assert.That(info.Signatures, Is.EqualTo([TopSignature]));
    }

    [Test]
    public async Task QueryPathInfo_of_an_invalid_path_answers_nothing()
    {
        await _client.AskAsync(Operation.QueryPathInfo, Missing);

        Assert.That(await UnkeyedValidPathInfoCodec.ReadOptionalAsync(Reader, _client.Context, default), Is.Null);
    }

    [TestCase(Operation.QueryReferrers)]
    [TestCase(Operation.QueryValidDerivers)]
    [TestCase(Operation.QueryDerivationOutputs)]
    [TestCase(Operation.QueryReferences)]
    public async Task Queries_for_sets_of_paths_answer_them(Operation operation)
    {
        (StorePath asked, StorePath answered) = operation switch
        {
            Operation.QueryReferrers => (Library, Top),
            Operation.QueryValidDerivers => (Top, TopDerivation),
            Operation.QueryReferences => (TopDerivation, LibraryDerivation),
            _ => (TopDerivation, Top),
        };

        await _client.AskAsync(operation, asked);

        Assert.That(await StorePathCodec.ReadSetAsync(Reader, _client.Context, default), Is.EqualTo([answered]));
    }

    [Test]
    public async Task QueryAllValidPaths_answers_all()
    {
        await _client.AskAsync(Operation.QueryAllValidPaths);

        Assert.That(
            await StorePathCodec.ReadSetAsync(Reader, _client.Context, default),
            Is.EqualTo([Library, Top, LibraryDerivation, TopDerivation, UnbuiltDerivation]));
    }

    [Test]
    public async Task QueryAllValidPaths_with_a_row_of_another_store_is_an_error()
    {
        _store.Execute($"update ValidPaths set path = '/elsewhere/x' where path = '{Print(UnbuiltDerivation)}'");

        RemoteErrorException? no = await Assert.ThrowsAsync<RemoteErrorException>(() => _client.AskAsync(Operation.QueryAllValidPaths));

        Assert.That(no!.Message, Does.Contain("/elsewhere/x"));
        Assert.That(await _client.IsValidPathAsync(Top), Is.True);
    }

    [Test]
    public async Task QueryValidPaths_answers_those_that_are()
    {
        QueryValidPathsRequest request = new() { Paths = [Top, Missing, Library], Substitute = true };
        await _client.AskAsync(Operation.QueryValidPaths, (writer, context) => QueryValidPathsRequestCodec.Write(writer, context, request));

        Assert.That(await StorePathCodec.ReadSetAsync(Reader, _client.Context, default), Is.EqualTo([Library, Top]));
    }

    [Test]
    public async Task QueryPathFromHashPart_finds_the_path()
    {
        await _client.AskAsync(Operation.QueryPathFromHashPart, (writer, _) => writer.WriteString(Top.Hash.ToString()));
        Assert.That(await StorePathCodec.ReadOptionalAsync(Reader, _client.Context, default), Is.EqualTo(Top));

        await _client.AskAsync(Operation.QueryPathFromHashPart, (writer, _) => writer.WriteString(Missing.Hash.ToString()));
        Assert.That(await StorePathCodec.ReadOptionalAsync(Reader, _client.Context, default), Is.Null);
    }

    [TestCase("")]
    [TestCase("0222222222222222222222222222222")]
    [TestCase("022222222222222222222222222222222")]
    public void A_hash_part_of_another_length_is_refused(string text) =>
        Assert.That(
            () => _client.AskAsync(Operation.QueryPathFromHashPart, (writer, _) => writer.WriteString(text)),
            Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo("invalid hash part"));

    [Test]
    public async Task A_hash_part_that_no_path_has_is_not_found()
    {
        await _client.AskAsync(Operation.QueryPathFromHashPart, (writer, _) => writer.WriteString(new string('e', 32)));

        Assert.That(await StorePathCodec.ReadOptionalAsync(Reader, _client.Context, default), Is.Null);
    }

    [Test]
    public async Task QueryDeriver_answers_the_derivation()
    {
        await _client.AskAsync(Operation.QueryDeriver, Top);
        Assert.That(await StorePathCodec.ReadOptionalAsync(Reader, _client.Context, default), Is.EqualTo(TopDerivation));

        await _client.AskAsync(Operation.QueryDeriver, Library);
        Assert.That(await StorePathCodec.ReadOptionalAsync(Reader, _client.Context, default), Is.Null);
    }

    [Test]
    public async Task QueryPathHash_answers_the_digits()
    {
        await _client.AskAsync(Operation.QueryPathHash, Top);

        Assert.That(await Reader.ReadStringAsync(100, default), Is.EqualTo(new string('2', 64)));
    }

    [Test]
    public async Task QueryDerivationOutputMap_answers_names_and_paths()
    {
        await _client.AskAsync(Operation.QueryDerivationOutputMap, UnbuiltDerivation);

        Assert.That(
            await DerivationOutputMapCodec.ReadAsync(Reader, _client.Context, default),
            Is.EqualTo(new Dictionary<string, StorePath?> { ["out"] = Missing }));
    }

    [Test]
    public async Task QueryDerivationOutputNames_reads_the_derivation()
    {
        await _client.AskAsync(Operation.QueryDerivationOutputNames, TopDerivation);

        Assert.That(await ClientReplies.ReadOutputNamesAsync(Reader, default), Is.EqualTo(["out"]));
    }

    [TestCase(Operation.QueryDeriver)]
    [TestCase(Operation.QueryPathHash)]
    [TestCase(Operation.QueryReferences)]
    [TestCase(Operation.QueryDerivationOutputs)]
    [TestCase(Operation.QueryDerivationOutputMap)]
    [TestCase(Operation.QueryDerivationOutputNames)]
    [TestCase(Operation.NarFromPath)]
    public void What_needs_a_valid_path_is_refused_for_an_invalid_one(Operation operation) =>
        Assert.That(
            () => _client.AskAsync(operation, MissingDerivation),
            Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo($"path '{Print(MissingDerivation)}' is not valid"));

    [Test]
    public async Task Nothing_can_be_substituted()
    {
        await _client.AskAsync(Operation.HasSubstitutes, Top);
        Assert.That(await Reader.ReadBoolAsync(default), Is.False);

        await _client.AskAsync(Operation.QuerySubstitutablePaths, (writer, context) => StorePathCodec.WriteSet(writer, context, [Top, Missing]));
        Assert.That(await StorePathCodec.ReadSetAsync(Reader, _client.Context, default), Is.Empty);

        await _client.AskAsync(Operation.QuerySubstitutablePathInfo, Missing);
        Assert.That(await Reader.ReadBoolAsync(default), Is.False);

        Dictionary<StorePath, ContentAddress?> request = new() { [Missing] = null };
        await _client.AskAsync(
            Operation.QuerySubstitutablePathInfos, (writer, context) => SubstitutablePathInfosRequestCodec.Write(writer, context, request));
        Assert.That(await Reader.ReadUInt64Async(default), Is.Zero);
    }

    [Test]
    public async Task SyncWithGC_is_answered()
    {
        await _client.AskAsync(Operation.SyncWithGC);

        Assert.That(await Reader.ReadUInt64Async(default), Is.EqualTo(1));
    }

    [Test]
    public async Task NarFromPath_sends_the_tree()
    {
        await _client.AskAsync(Operation.NarFromPath, Top);

        // "nix-archive-1", "(", "type", "regular", "contents", the text, ")".
        Assert.That(await Reader.ReadStringAsync(100, default), Is.EqualTo("nix-archive-1"));
        foreach (string token in new[] { "(", "type", "regular", "contents", "contents of top\n", ")" })
            Assert.That(await Reader.ReadStringAsync(100, default), Is.EqualTo(token));
    }

    [Test]
    public void NarFromPath_of_files_that_are_gone_is_refused_before_anything_is_sent() =>
        Assert.That(() => _client.AskAsync(Operation.NarFromPath, Library), Throws.TypeOf<RemoteErrorException>());
}
