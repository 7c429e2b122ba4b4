using System.Text.Json;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>The replies of a real nix-daemon to all queries, compared with the output of Nix's own programs for the same store.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class RealDaemonQueryTests(NixRelease release)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string Missing = $"{new string('0', StorePathHash.Length)}-missing";

    private RealNixStore _store = null!;
    private SampleStorePaths _paths = null!;
    private RealNixDaemon _daemon = null!;
    private DaemonClient _client = null!;
    private StoreDirectory _directory = null!;

    private static StorePath MissingPath => StorePath.Parse(Missing);

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _store = await RealNixStore.CreateAsync(release);
        _paths = await SampleStorePaths.AddToAsync(_store);
        _daemon = RealNixDaemon.Start(_store);
        _directory = StoreDirectory.Parse(_store.StoreDirectory);
        _client = await new DaemonConnector(
            new DaemonConnectorOptions { SocketPath = _daemon.SocketPath, StoreDirectory = _directory }).ConnectAsync(None);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _client.Dispose();
        _daemon.Dispose();
        _store.Dispose();
    }

    [TearDown]
    public void EveryAnswerWasReadToItsEnd() => Assert.That(_client.IsInStep);

    [Test]
    public void The_daemon_names_its_version()
    {
        Assert.That(_client.Connection.Handshake.NixVersion, Does.StartWith(release.Name));
        Assert.That(_client.HasHarmoniaCache, Is.False, "What a real daemon does not know is not agreed on.");
        Assert.That(_client.Connection.Handshake.Trust, Is.EqualTo(release == NixRelease.Bookworm ? Trust.Unknown : Trust.Trusted));
    }

    [Test]
    public async Task Settings_are_accepted()
    {
        await _client.SetOptionsAsync(new ClientOptions { Verbosity = LogLevel.Warn }, None);
        Assert.That(await _client.IsValidPathAsync(Parse(_paths.Directory), None));
    }

    [Test]
    public async Task Valid_paths_are_distinguished_from_others()
    {
        Assert.That(await _client.IsValidPathAsync(Parse(_paths.Files[0]), None));
        Assert.That(await _client.IsValidPathAsync(MissingPath, None), Is.False);
        Assert.That(
            await _client.QueryValidPathsAsync([Parse(_paths.Files[0]), MissingPath, Parse(_paths.Chain[3])], substitute: false, None),
            Is.EquivalentTo(new[] { Parse(_paths.Files[0]), Parse(_paths.Chain[3]) }));
        Assert.That(await _client.QueryValidPathsAsync([], substitute: true, None), Is.Empty);
    }

    [Test]
    public async Task Every_valid_path_is_listed() =>
        Assert.That(await _client.QueryAllValidPathsAsync(None), Is.EquivalentTo(ParseAll(await _store.QueryAllAsync())));

    [Test]
    public async Task Path_infos_are_those_of_nix_store()
    {
        foreach (string path in (string[])[.. _paths.Chain.Take(3), .. _paths.ChainDerivations.Take(3), _paths.Files[0], _paths.Directory])
        {
            UnkeyedValidPathInfo? info = await _client.QueryPathInfoAsync(Parse(path), None);

            Assert.That(info, Is.Not.Null, path);
            Assert.That(info!.NarHash, Is.EqualTo(NarHash.Parse((await AskNixStoreAsync("--hash", path)).Single())));
            Assert.That($"{info.NarSize}", Is.EqualTo((await AskNixStoreAsync("--size", path)).Single()));
            Assert.That(info.References, Is.EquivalentTo(ParseAll(await AskNixStoreAsync("--references", path))));
            Assert.That(
                info.Deriver is null ? "unknown-deriver" : _directory.Print(info.Deriver),
                Is.EqualTo((await AskNixStoreAsync("--deriver", path)).Single()));
            Assert.That(info.RegistrationTime, Is.EqualTo(await RegistrationTimeAsync(path)));
            Assert.That(Attributes(info), Is.EquivalentTo(await AttributesAsync(path)));
        }
    }

    [Test]
    public async Task A_path_that_is_not_valid_has_no_info() =>
        Assert.That(await _client.QueryPathInfoAsync(MissingPath, None), Is.Null);

    [Test]
    public async Task A_hash_part_leads_to_its_path()
    {
        foreach (StorePath path in ParseAll(await _store.QueryAllAsync()))
            Assert.That(await _client.QueryPathFromHashPartAsync(path.Hash, None), Is.EqualTo(path));
        Assert.That(await _client.QueryPathFromHashPartAsync(MissingPath.Hash, None), Is.Null);
    }

    [Test]
    public async Task Referrers_are_those_of_nix_store()
    {
        foreach (string path in _paths.Chain)
        {
            Assert.That(
                await _client.QueryReferrersAsync(Parse(path), None),
                Is.EquivalentTo(ParseAll(await AskNixStoreAsync("--referrers", path))));
        }

        Assert.That(await _client.QueryReferrersAsync(MissingPath, None), Is.Empty);
    }

    [Test]
    public async Task Derivers_are_the_derivations_things_were_built_from()
    {
        for (int n = 0; n < _paths.Chain.Count; n++)
        {
            StorePath[] derivation = [Parse(_paths.ChainDerivations[n])];
            Assert.That(await _client.QueryValidDeriversAsync(Parse(_paths.Chain[n]), None), Is.EqualTo(derivation));
            Assert.That(await _client.QueryDeriverAsync(Parse(_paths.Chain[n]), None), Is.EqualTo(derivation[0]));
        }

        Assert.That(await _client.QueryValidDeriversAsync(Parse(_paths.Files[0]), None), Is.Empty);
        Assert.That(await _client.QueryDeriverAsync(Parse(_paths.Files[0]), None), Is.Null);
    }

    [Test]
    public async Task Outputs_of_a_derivation_are_those_of_nix_store()
    {
        StorePath derivation = Parse(_paths.ManyOutputsDerivation);
        StorePath[] outputs = ParseAll(await AskNixStoreAsync("--outputs", _paths.ManyOutputsDerivation));

        IReadOnlyDictionary<string, StorePath?> map = await _client.QueryDerivationOutputMapAsync(derivation, None);

        Assert.That(map.Keys, Is.EquivalentTo(new[] { "out", "dev" }));
        Assert.That(map["dev"]!.BaseName, Does.EndWith("-many-outputs-dev"));
        Assert.That(map.Values, Is.EquivalentTo(outputs));
        Assert.That(await _client.QueryDerivationOutputsAsync(derivation, None), Is.EquivalentTo(outputs));
        Assert.That(await _client.QueryDerivationOutputNamesAsync(derivation, None), Is.EquivalentTo(map.Keys));
    }

    [Test]
    public async Task A_content_addressed_output_is_found_by_its_derivation()
    {
        DerivedPath.Opaque derivation = new(Parse(_paths.ContentAddressedDerivation));
        IReadOnlyList<KeyedBuildResult> results = await _client.BuildPathsWithResultsAsync(
            [new DerivedPath.Built(derivation, OutputsSpec.Of("out"))], BuildMode.Normal, None);
        BuiltOutput output = results.Single().Result.BuiltOutputs.Single();

        Realisation? realisation = await _client.QueryRealisationAsync(output.Realisation!.Id, None);

        Assert.That(output.Value.OutPath.BaseName, Does.EndWith("-content-addressed"));
        Assert.That(realisation?.OutPath, Is.EqualTo(output.Value.OutPath));
        Assert.That(
            (await _client.QueryDerivationOutputMapAsync(derivation.Path, None))["out"], Is.EqualTo(output.Value.OutPath));
        Assert.That(
            await _client.QueryRealisationAsync(new DrvOutput($"sha256:{new string('0', 64)}", "out"), None), Is.Null);
    }

    [Test]
    public async Task What_is_missing_is_what_is_not_built()
    {
        StorePath unbuilt = Parse(_paths.UnbuiltDerivation);

        MissingPaths missing = await _client.QueryMissingAsync(
            [
                new DerivedPath.Built(new DerivedPath.Opaque(unbuilt), OutputsSpec.All),
                new DerivedPath.Opaque(Parse(_paths.Files[0])),
                new DerivedPath.Opaque(MissingPath),
            ],
            None);

        Assert.That(missing.WillBuild, Is.EqualTo(new[] { unbuilt }));
        Assert.That(missing.Unknown, Is.EqualTo(new[] { MissingPath }));
        Assert.That(missing.WillSubstitute, Is.Empty);
    }

    [Test]
    public async Task A_temporary_root_keeps_the_path_while_the_connection_is_open()
    {
        string path = await _store.AddFileAsync("temporary", "kept while somebody holds on to it");

        await _client.AddTempRootAsync(Parse(path), None);

        Assert.That(
            (await Command.TryRunAsync(release.Program("nix-store"), ["--delete", path], _store.Environment)).ExitCode, Is.Not.Zero);
        Assert.That(await _client.IsValidPathAsync(Parse(path), None));
    }

    [Test]
    public void A_refusal_of_the_daemon_is_an_error_and_the_connection_stays_usable()
    {
        Assert.That(() => _client.EnsurePathAsync(MissingPath, None), Throws.TypeOf<RemoteErrorException>().With.Message.Contains(Missing));
        Assert.That(() => _client.QueryDeriverAsync(MissingPath, None), Throws.TypeOf<RemoteErrorException>());
        Assert.That(() => _client.QueryDerivationOutputMapAsync(
            StorePath.Parse($"{Missing}.drv"), None), Throws.TypeOf<RemoteErrorException>());
    }

    private static IEnumerable<string> Attributes(UnkeyedValidPathInfo info)
    {
        if (info.Ultimate)
            yield return "ultimate";
        if (info.ContentAddress is not null)
            yield return $"ca:{info.ContentAddress}";
        foreach (string signature in info.Signatures)
            yield return signature;
    }

    private StorePath Parse(string path) => _directory.ParsePath(path);

    private StorePath[] ParseAll(IEnumerable<string> paths) => [.. paths.Select(Parse)];

    private Task<string[]> AskNixStoreAsync(string question, string path) => _store.RunAsync("nix-store", "--query", question, path);

    /// <summary>What <c>nix path-info --sigs</c> prints after the path.</summary>
    private async Task<IEnumerable<string>> AttributesAsync(string path) =>
        (await PathInfoAsync("--sigs", path)).Single()
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Skip(1);

    private async Task<ulong> RegistrationTimeAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(string.Concat(await PathInfoAsync("--json", path)));
        JsonElement info = document.RootElement.ValueKind == JsonValueKind.Array
            ? document.RootElement.EnumerateArray().Single()
            : document.RootElement.EnumerateObject().Single().Value;
        return info.GetProperty("registrationTime").GetUInt64();
    }

    // Without --derivation, a derivation's path means its outputs.
    private Task<string[]> PathInfoAsync(string what, string path) =>
        _store.RunAsync("nix", ["path-info", what, path, .. path.EndsWith(".drv", StringComparison.Ordinal) ? ["--derivation"] : (string[])[]]);
}
