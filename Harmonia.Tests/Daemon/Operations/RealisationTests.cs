using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>Content-addressed outputs, in the tables of Nix up to 2.34 and of later versions.</summary>
public sealed class RealisationTests
{
    private static readonly DrvOutput Output = new("sha256:" + new string('a', 64), "out");
    private static readonly DrvOutput Dependency = new("sha256:" + new string('b', 64), "dev");

    private SampleStore _store = null!;
    private SessionHarness _harness = null!;

    [SetUp]
    public void Begin()
    {
        _store = new SampleStore();
        _harness = new SessionHarness(_store);
    }

    [TearDown]
    public async Task EndAsync()
    {
        await _harness.DisposeAsync();
        _store.Dispose();
    }

    [Test]
    public async Task Without_the_table_nothing_is_known()
    {
        using SessionClient client = await _harness.ConnectAsync(37);

        Assert.That(await QueryAsync(client), Is.Null);
    }

    [TestCase((byte)31)]
    [TestCase((byte)38)]
    public async Task A_realisation_by_hash_is_answered_once_the_table_is_there(byte minor)
    {
        using SessionClient client = await _harness.ConnectAsync(minor);
        Assert.That(await QueryAsync(client), Is.Null);

        AddRealisations();

        Assert.That(await QueryAsync(client), Is.EqualTo(new Realisation
        {
            Id = Output,
            OutPath = Top,
            Signatures = [TopSignature],
            DependentRealisations = new Dictionary<DrvOutput, StorePath> { [Dependency] = Library },
        }));
    }

    [Test]
    public async Task Old_clients_get_the_path_alone()
    {
        AddRealisations();
        using SessionClient client = await _harness.ConnectAsync(27);

        Assert.That((await QueryAsync(client))!.OutPath, Is.EqualTo(Top));
    }

    [Test]
    public async Task A_realisation_by_path_is_answered_where_the_feature_is_spoken()
    {
        using SessionClient client = await _harness.ConnectAsync(38, ProtocolFeatures.RealisationWithPathNotHash, "unheard-of");
        Assert.That(client.Handshake.Features.Names, Is.EqualTo([ProtocolFeatures.RealisationWithPathNotHash]));
        Assert.That(await QueryByPathAsync(client), Is.Null);

        AddBuildTrace();

        Assert.That(await QueryByPathAsync(client), Is.EqualTo(new UnkeyedRealisation { OutPath = Top, Signatures = [TopSignature] }));
    }

    [Test]
    public async Task Outputs_known_by_their_realisation_alone_are_in_the_output_map()
    {
        _store.Execute("delete from DerivationOutputs");
        _store.WriteFile(TopDerivation, """Derive([("dev","","r:sha256",""),("out","","r:sha256","")],[],[],"x86_64-linux","/bin/sh",[],[])""");
        using SessionClient client = await _harness.ConnectAsync();
        Assert.That(await OutputMapAsync(client), Is.Empty, "Without ca-derivations they are not mentioned.");

        AddBuildTrace();

        Assert.That(await OutputMapAsync(client), Is.EqualTo(new Dictionary<string, StorePath?> { ["dev"] = null, ["out"] = Top }));
        Assert.That(
            () => client.AskAsync(Operation.QueryDerivationOutputs, TopDerivation),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains("^dev"));
    }

    private static async Task<Realisation?> QueryAsync(SessionClient client)
    {
        await client.AskAsync(Operation.QueryRealisation, (writer, _) => DrvOutputCodec.Write(writer, Output));
        return await RealisationCodec.ReadOptionalAsync(client.Reader, client.Context, Output, default);
    }

    private static async Task<UnkeyedRealisation?> QueryByPathAsync(SessionClient client)
    {
        BuildTraceKey key = new(TopDerivation, "out");
        await client.AskAsync(Operation.QueryRealisation, (writer, context) => BuildTraceKeyCodec.Write(writer, context, key));
        return await UnkeyedRealisationCodec.ReadOptionalAsync(client.Reader, client.Context, default);
    }

    private static async Task<IReadOnlyDictionary<string, StorePath?>> OutputMapAsync(SessionClient client)
    {
        await client.AskAsync(Operation.QueryDerivationOutputMap, TopDerivation);
        return await DerivationOutputMapCodec.ReadAsync(client.Reader, client.Context, default);
    }

    // Nix 2.34: src/libstore/ca-specific-schema.sql
    private void AddRealisations() => _store.Execute(
        "create table Realisations (id integer primary key, drvPath text, outputName text, outputPath integer, signatures text)",
        "create table RealisationsRefs (referrer integer, realisationReference integer)",
        $"insert into Realisations select 1, '{Output.DerivationHash}', 'out', id, '{TopSignature} junk' from ValidPaths where path = '{Print(Top)}'",
        $"insert into Realisations select 2, '{Dependency.DerivationHash}', 'dev', id, null from ValidPaths where path = '{Print(Library)}'",
        "insert into RealisationsRefs values (1, 2)");

    // Nix 2.36: src/libstore/ca-specific-schema.sql
    private void AddBuildTrace() => _store.Execute(
        "create table BuildTraceV3 (id integer primary key, drvPath text, outputName text, outputPath text, signatures text)",
        $"insert into BuildTraceV3 values (1, '{TopDerivation.BaseName}', 'out', '{Print(Top)}', '{TopSignature}')");
}
