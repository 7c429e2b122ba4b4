using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>The replies to build requests by a daemon that neither builds nor substitutes.</summary>
public sealed class BuildTests
{
    private SampleStore _store = null!;
    private SessionHarness _harness = null!;
    private SessionClient _client = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        _store = new SampleStore();
        _harness = new SessionHarness(_store, Trust.NotTrusted);
        _client = await _harness.ConnectAsync();
    }

    [TearDown]
    public async Task DisconnectAsync()
    {
        Assert.That(await _client.IsValidPathAsync(TopDerivation), Is.True, "The connection is in step after whatever was asked.");
        _client.Dispose();
        await _harness.DisposeAsync();
        _store.Dispose();
    }

    [Test]
    public async Task What_is_valid_is_built()
    {
        await BuildAsync(Operation.BuildPaths, BuildMode.Normal, Path(Top), Outputs(TopDerivation), Outputs(LibraryDerivation, "out"));

        Assert.That(await _client.Reader.ReadUInt64Async(default), Is.EqualTo(1));
    }

    [Test]
    public async Task Results_say_what_is_valid_already()
    {
        await BuildAsync(Operation.BuildPathsWithResults, BuildMode.Normal, Path(Top), Outputs(TopDerivation));
        IReadOnlyList<KeyedBuildResult> results = await ClientReplies.ReadBuildResultsAsync(_client.Reader, _client.Context, default);

        Assert.That(results.Select(result => result.Result.Status), Is.All.EqualTo(BuildStatus.AlreadyValid));
        Assert.That(results[0].Result.BuiltOutputs, Is.Empty);
        Assert.That(results[1].Path, Is.EqualTo(Outputs(TopDerivation)));
        Assert.That(results[1].Result.BuiltOutputs.Single().OutputName, Is.EqualTo("out"));
        Assert.That(results[1].Result.BuiltOutputs.Single().Value.OutPath, Is.EqualTo(Top));
    }

    [Test]
    public async Task Results_name_what_is_not_available()
    {
        await BuildAsync(Operation.BuildPathsWithResults, BuildMode.Normal, Path(Missing), Outputs(MissingDerivation));
        IReadOnlyList<KeyedBuildResult> results = await ClientReplies.ReadBuildResultsAsync(_client.Reader, _client.Context, default);

        Assert.That(results.Select(result => result.Result.Status), Is.All.EqualTo(BuildStatus.NoSubstituters));
        Assert.That(results[0].Result.ErrorMessage, Does.Contain(Print(Missing)));
    }

    [TestCase(Operation.BuildPaths)]
    [TestCase(Operation.BuildPathsWithResults)]
    public void What_would_have_to_be_built_is_refused(Operation operation) =>
        Assert.That(
            () => BuildAsync(operation, BuildMode.Normal, Path(Top), Outputs(UnbuiltDerivation)),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains($"{operation}").And.Message.Contains(Print(UnbuiltDerivation)));

    [Test]
    public void A_path_that_is_not_valid_cannot_be_built() =>
        Assert.That(
            () => BuildAsync(Operation.BuildPaths, BuildMode.Normal, Path(Missing)),
            Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo($"path '{Print(Missing)}' does not exist and cannot be created"));

    [Test]
    public void An_output_that_the_derivation_does_not_have_is_refused() =>
        Assert.That(
            () => BuildAsync(Operation.BuildPaths, BuildMode.Normal, Outputs(TopDerivation, "doc")),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains("does not have wanted outputs 'doc'"));

    [Test]
    public void Repairing_is_refused_for_untrusted_clients() =>
        Assert.That(
            () => BuildAsync(Operation.BuildPaths, BuildMode.Repair, Path(Top)),
            Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo("repairing is not allowed because you are not in 'trusted-users'"));

    [Test]
    public void Checking_is_refused() =>
        Assert.That(
            () => BuildAsync(Operation.BuildPaths, BuildMode.Check, Path(Top)),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains("does not build"));

    [Test]
    public async Task EnsurePath_is_content_with_a_valid_path()
    {
        await _client.AskAsync(Operation.EnsurePath, Top);
        Assert.That(await _client.Reader.ReadUInt64Async(default), Is.EqualTo(1));

        Assert.That(() => _client.AskAsync(Operation.EnsurePath, Missing), Throws.TypeOf<RemoteErrorException>());
    }

    [Test]
    public async Task Missing_paths_are_those_to_build_and_those_that_are_unknown()
    {
        MissingPaths missing = await QueryMissingAsync(Path(Top), Path(Missing), Outputs(TopDerivation), Outputs(UnbuiltDerivation));

        Assert.That(missing.WillBuild, Is.EqualTo([UnbuiltDerivation]), "The top, which it needs, is valid.");
        Assert.That(missing.Unknown, Is.EqualTo([Missing, MissingDerivation]));
        Assert.That(missing.WillSubstitute, Is.Empty);
        Assert.That(missing.DownloadSize + missing.NarSize, Is.Zero);
    }

    [Test]
    public async Task The_walk_covers_everything_that_has_to_be_built()
    {
        _store.Execute($"delete from Refs", $"delete from ValidPaths where path in ('{Print(Top)}', '{Print(Library)}')");

        MissingPaths missing = await QueryMissingAsync(Outputs(UnbuiltDerivation));

        Assert.That(missing.WillBuild, Is.EqualTo([LibraryDerivation, TopDerivation, UnbuiltDerivation]));
    }

    [Test]
    public async Task Unwanted_outputs_may_be_missing()
    {
        MissingPaths missing = await QueryMissingAsync(Outputs(UnbuiltDerivation, "doc"));

        Assert.That(missing.WillBuild, Is.Empty);
    }

    [Test]
    public async Task A_derivation_that_is_an_output_is_skipped_with_a_warning()
    {
        DerivedPath dynamic = new DerivedPath.Built(Outputs(TopDerivation, "out"), OutputsSpec.All);

        MissingPaths missing = await QueryMissingAsync(dynamic);

        Assert.That(missing.WillBuild, Is.Empty);
        Assert.That(_client.Lines.Single(), Does.StartWith("warning: Ignoring dynamic derivation").And.EndsWith("\n"));
    }

    private static DerivedPath.Opaque Path(StorePath path) => new(path);

    private static DerivedPath.Built Outputs(StorePath derivation, params string[] names) =>
        new(new DerivedPath.Opaque(derivation), names.Length == 0 ? OutputsSpec.All : OutputsSpec.Of(names));

    private Task BuildAsync(Operation operation, BuildMode mode, params DerivedPath[] paths) => _client.AskAsync(
        operation, (writer, context) => BuildPathsRequestCodec.Write(writer, context, new BuildPathsRequest(paths, mode)));

    private async Task<MissingPaths> QueryMissingAsync(params DerivedPath[] paths)
    {
        await _client.AskAsync(Operation.QueryMissing, (writer, context) => DerivedPathCodec.WriteList(writer, context, paths));
        return await ClientReplies.ReadMissingAsync(_client.Reader, _client.Context, default);
    }
}
