using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Builds and substitutions by a real nix-daemon for our client.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class RealDaemonBuildTests(NixRelease release)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TemporaryDirectory _cache = null!;
    private RealNixStore _store = null!;
    private SampleStorePaths _paths = null!;
    private RealNixDaemon _daemon = null!;
    private DaemonClient _client = null!;
    private StoreDirectory _directory = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _cache = new TemporaryDirectory();
        await File.WriteAllTextAsync(_cache["nix-cache-info"], "StoreDir: /nix/store\nWantMassQuery: 1\n");
        _store = await RealNixStore.CreateAsync(
            release, RealNixStoreLayout.Chroot, $"substituters = file://{_cache}\nrequire-sigs = false");
        _paths = await SampleStorePaths.AddToAsync(_store);
        _daemon = RealNixDaemon.Start(_store);
        _directory = StoreDirectory.Parse(_store.StoreDirectory);
        _client = await new DaemonConnector(new DaemonConnectorOptions { SocketPath = _daemon.SocketPath }).ConnectAsync(None);
    }

    [TearDown]
    public void Stop()
    {
        _client.Dispose();
        _daemon.Dispose();
        _store.Dispose();
        _cache.Dispose();
    }

    [Test]
    public async Task A_derivation_is_built_and_the_result_is_returned()
    {
        DerivedPath wanted = AllOutputs(_paths.UnbuiltDerivation);

        IReadOnlyList<KeyedBuildResult> results = await _client.BuildPathsWithResultsAsync([wanted], BuildMode.Normal, None);

        Assert.That(results.Single().Path, Is.EqualTo(wanted));
        Assert.That(results.Single().Result.Status, Is.EqualTo(BuildStatus.Built));
        StorePath output = results.Single().Result.BuiltOutputs.Single().Value.OutPath;
        Assert.That(await _client.IsValidPathAsync(output, None));
        await _client.BuildPathsAsync([wanted], BuildMode.Normal, None);
    }

    [Test]
    public async Task A_failed_build_has_an_error_message_and_the_connection_stays_usable()
    {
        DerivedPath wanted = AllOutputs(_paths.FailingDerivation);

        Assert.That(() => _client.BuildPathsAsync([wanted], BuildMode.Normal, None), Throws.TypeOf<RemoteErrorException>());
        IReadOnlyList<KeyedBuildResult> results = await _client.BuildPathsWithResultsAsync([wanted], BuildMode.Normal, None);

        Assert.That(results.Single().Result.Status, Is.EqualTo(BuildStatus.PermanentFailure));
        Assert.That(results.Single().Result.ErrorMessage, Is.Not.Empty);
        Assert.That(results.Single().Result.BuiltOutputs, Is.Empty);
        Assert.That(_client.IsInStep);
    }

    [Test]
    public async Task What_a_substituter_has_is_found_and_fetched()
    {
        string[] texts = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(n => _store.AddFileAsync($"fetched-{n}", $"text {n}")))];
        await _store.RunAsync("nix", ["copy", "--to", $"file://{_cache}", .. texts]);
        await _store.RunAsync("nix-store", ["--delete", .. texts]);
        StorePath[] paths = [.. texts.Select(text => _directory.ParsePath(text))];
        StorePath unknown = StorePath.Parse($"{new string('0', StorePathHash.Length)}-unknown");

        Assert.That(await _client.QuerySubstitutablePathsAsync([.. paths, unknown], None), Is.EquivalentTo(paths));
        MissingPaths missing = await _client.QueryMissingAsync([.. paths.Select(path => new DerivedPath.Opaque(path))], None);
        Assert.That(missing.WillSubstitute, Is.EquivalentTo(paths));
        Assert.That(missing.NarSize, Is.GreaterThan(0UL));
        Assert.That(await _client.QueryValidPathsAsync(paths, substitute: false, None), Is.Empty);

        await _client.EnsurePathAsync(paths[0], None);
        Assert.That(await _client.QueryValidPathsAsync(paths, substitute: false, None), Is.EqualTo(new[] { paths[0] }));
        Assert.That(await _client.QueryValidPathsAsync(paths, substitute: true, None), Is.EquivalentTo(paths));
    }

    private DerivedPath.Built AllOutputs(string derivation) =>
        new(new DerivedPath.Opaque(_directory.ParsePath(derivation)), OutputsSpec.All);
}
