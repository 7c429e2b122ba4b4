using Harmonia.Protocol.Messages;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>Makes a real Nix client send as many different requests to a real daemon as its commands can.</summary>
public sealed class ProtocolTour
{
    private const string Missing = "/nix/store/ffffffffffffffffffffffffffffffff-missing";

    private readonly NixRelease _client;
    private readonly RealNixStore _store;
    private readonly RealNixStore _other;
    private readonly RecordingProxy _proxy;
    private readonly Dictionary<string, string?> _environment;

    private ProtocolTour(NixRelease client, RealNixStore store, RealNixStore other, RecordingProxy proxy)
    {
        (_client, _store, _other, _proxy) = (client, store, other, proxy);
        _environment = new Dictionary<string, string?>(store.Environment)
        {
            ["NIX_REMOTE"] = $"unix://{proxy.SocketPath}?root={store.Root}/root",
            ["PATH"] = $"{store.Root}/bin:{client.Binaries}:{System.Environment.GetEnvironmentVariable("PATH")}",
        };
    }

    /// <summary>Returns the connections that were made.</summary>
    public static async Task<IReadOnlyList<RecordedConnection>> RecordAsync(NixRelease client, NixRelease daemon)
    {
        using RealNixStore store = await RealNixStore.CreateAsync(daemon, RealNixStoreLayout.Chroot);
        using RealNixStore other = await RealNixStore.CreateAsync(client, RealNixStoreLayout.Chroot);
        SampleStorePaths paths = await SampleStorePaths.AddToAsync(store);
        using RealNixDaemon server = RealNixDaemon.Start(store);
        await using RecordingProxy proxy = RecordingProxy.Start($"{store.Root}/proxy.socket", server.SocketPath);
        await WriteSshAsync($"{store.Root}/bin", proxy.SocketPath);
        ProtocolTour tour = new(client, store, other, proxy);
        await tour.RunAsync(paths);
        return await proxy.StopAsync();
    }

    /// <summary>What the tour is known to ask for.</summary>
    public static IReadOnlySet<Operation> Operations(NixRelease client, NixRelease daemon)
    {
        HashSet<Operation> operations =
        [
            Operation.IsValidPath, Operation.QueryReferrers, Operation.AddToStore, Operation.BuildPaths, Operation.EnsurePath,
            Operation.AddTempRoot, Operation.AddIndirectRoot, Operation.FindRoots, Operation.SetOptions, Operation.CollectGarbage,
            Operation.QueryAllValidPaths, Operation.QueryPathInfo, Operation.QueryValidPaths, Operation.QuerySubstitutablePaths,
            Operation.OptimiseStore, Operation.VerifyStore, Operation.BuildDerivation, Operation.AddSignatures, Operation.NarFromPath,
            Operation.AddToStoreNar, Operation.QueryMissing, Operation.QueryDerivationOutputMap, Operation.RegisterDrvOutput,
            Operation.QueryRealisation, Operation.AddMultipleToStore, Operation.AddBuildLog, Operation.BuildPathsWithResults,
        ];
        if (client != NixRelease.Bookworm)
            operations.Add(Operation.QueryValidDerivers);
        if (client != NixRelease.Bookworm && daemon != NixRelease.Bookworm)
            operations.Add(Operation.AddPermRoot);
        return operations;
    }

    private async Task RunAsync(SampleStorePaths paths)
    {
        await QueryAsync(paths);
        await CopyAsync(await AddAsync());
        await BuildAsync(paths);
        await MaintainAsync(paths);
    }

    private async Task QueryAsync(SampleStorePaths paths)
    {
        string path = paths.Chain[3];
        await NixStoreAsync("--check-validity", "--print-invalid", path, Missing);
        await NixStoreAsync("--query", "--references", path);
        await NixStoreAsync("--query", "--referrers", path);
        await NixStoreAsync("--query", "--referrers-closure", path);
        await NixStoreAsync("--query", "--deriver", path);
        await NixStoreAsync("--query", "--hash", path);
        await NixStoreAsync("--query", "--outputs", paths.ManyOutputsDerivation);
        await FailAsync("nix-store", "--query", "--references", Missing);
        await NixAsync("path-info", "--json", "--all");
        await NixAsync("store", "ping");
        await FailAsync("nix", "realisation", "info", "--json", "--impure", "--expr", AddressedExpression);
        if (_client != NixRelease.Bookworm)
            await NixStoreAsync("--query", "--valid-derivers", path);

        string packages = $"{_store.Root}/home/packages.nix";
        await File.WriteAllTextAsync(packages, $"{{ package = {Expression("package", "echo $out > $out")}; }}");
        await RunAsync("nix-env", "--file", packages, "--query", "--available", "--status");
    }

    private async Task<string> AddAsync()
    {
        string file = $"{_store.Root}/home/added";
        await File.WriteAllTextAsync(file, "added");
        CommandResult added = await NixStoreAsync("--add", file);
        await NixStoreAsync("--add-fixed", "sha256", file);
        await NixStoreAsync("--add-fixed", "--recursive", "sha1", $"{_store.Root}/home/sample-directory/bin");
        await RunAsync("nix-instantiate", "--expr", Expression("added", "echo $out > $out"));
        return added.Text.TrimEnd();
    }

    private async Task CopyAsync(string added)
    {
        string here = $"local?root={_other.Root}/root";
        string[] derivations =
            await _other.InstantiateAsync($"[ ({Expression("copied", "echo copied; echo $out > $out")}) ({AddressedExpression}) ]");
        string[] outputs = await _other.RunAsync("nix-store", ["--realise", .. derivations]);
        await NixAsync("copy", "--from", here, "--no-check-sigs", derivations[0], outputs[0]);
        await NixAsync("copy", "--from", here, "--no-check-sigs", "--substitute-on-destination", derivations[0]);
        await NixAsync("copy", "--from", here, "--no-check-sigs", "--impure", "--expr", AddressedExpression);
        await NixAsync("realisation", "info", "--json", "--impure", "--expr", AddressedExpression);
        await NixAsync("copy", "--from", "ssh-ng://daemon", "--to", here, "--no-check-sigs", added);
        await NixAsync("store", "copy-log", "--from", here, derivations[0]);

        string exported = await _other.AddFileAsync("exported", "exported");
        CommandResult export = await Command.RunAsync(_client.Program("nix-store"), ["--export", exported], _other.Environment);
        await Command.RunAsync(_client.Program("nix-store"), ["--import"], _environment, export.Output);

        string key = $"{_other.Root}/home/key";
        await NixStoreAsync("--generate-binary-cache-key", "tour-1", key, $"{key}.public");
        await NixAsync("store", "sign", "--key-file", key, outputs[0]);
    }

    private async Task BuildAsync(SampleStorePaths paths)
    {
        await NixStoreAsync("--realise", paths.UnbuiltDerivation, "--add-root", $"{_store.Root}/home/root");
        await NixStoreAsync("--realise", paths.Chain[0]);
        await NixStoreAsync("--realise", "--check", paths.ManyOutputsDerivation);
        await FailAsync("nix-store", "--realise", Missing);
        await FailAsync("nix-store", "--realise", paths.FailingDerivation);

        string good = Expression("built", "echo building; echo $out > $out");
        await NixAsync("build", "--no-link", "--json", "--impure", "--expr", good);
        await NixAsync("build", "--no-link", "--rebuild", "--impure", "--expr", good);
        await FailAsync("nix", "build", "--no-link", "--keep-going", "--impure", "--expr", $"[ ({good}) ({Expression("bad", "exit 1")}) ]");
        await NixAsync("build", "--no-link", "--json", "--impure", "--expr", AddressedExpression);
        await NixAsync(
            "build", "--no-link", "--impure", "--expr", Expression("distributed", "echo $out > $out"),
            "--store", $"local?root={_other.Root}/root", "--max-jobs", "0",
            "--builders", $"{_environment["NIX_REMOTE"]} x86_64-linux,aarch64-linux");
        if (_client != NixRelease.Bookworm && _store.Release != NixRelease.Bookworm)
        {
            await NixAsync(
                "build", "--out-link", $"{_store.Root}/home/permanent", paths.Chain[0],
                "--extra-experimental-features", "mounted-ssh-store", "--store", $"mounted-ssh-ng://daemon?root={_store.Root}/root");
        }
    }

    private async Task MaintainAsync(SampleStorePaths paths)
    {
        await NixStoreAsync("--verify", "--check-contents");
        await NixStoreAsync("--optimise");
        await NixStoreAsync("--gc", "--print-roots");
        await NixStoreAsync("--gc", "--print-live");
        await NixStoreAsync("--gc", "--print-dead");
        await NixStoreAsync("--delete", paths.Files[0]);
        await FailAsync("nix-store", "--delete", paths.Chain[0]);
        await NixStoreAsync("--gc", "--max-freed", "1");
    }

    /// <summary>
    /// An "ssh" that leads to the socket, whatever the host: only ssh-ng stores get NARs through the protocol. Nix 2.8 passes every
    /// byte through, later ones look into it.
    /// </summary>
    private static async Task WriteSshAsync(string folder, string socket)
    {
        string ssh = Path.Combine(Directory.CreateDirectory(folder).FullName, "ssh");
        await File.WriteAllTextAsync(ssh, $"""
            #!/bin/sh
            case "$*" in
              *"-O check"*) exit 1 ;;
              *LocalCommand*) echo started ;;
            esac
            exec env NIX_REMOTE=unix://{socket} {NixRelease.Bookworm.Program("nix-daemon")} --stdio

            """);
        File.SetUnixFileMode(ssh, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static string Expression(string name, string script) => $$"""
        derivation { name = "{{name}}"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "{{script}}" ]; }
        """;

    private static string AddressedExpression => """
        derivation {
          name = "addressed"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo addressed > $out" ];
          __contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256";
        }
        """;

    private Task<CommandResult> NixStoreAsync(params string[] arguments) => RunAsync("nix-store", arguments);

    private Task<CommandResult> NixAsync(params string[] arguments) => RunAsync("nix", arguments);

    private Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        Command.RunAsync(_client.Program(program), arguments, _environment);

    private async Task FailAsync(string program, params string[] arguments)
    {
        CommandResult result = await Command.TryRunAsync(_client.Program(program), arguments, _environment);
        Assert.That(result.ExitCode, Is.Not.Zero, result.Text);
    }
}
