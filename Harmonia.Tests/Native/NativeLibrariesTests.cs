using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Native;

/// <summary>
/// The native programs have all libraries of the system from their start on: later there may be no file descriptor for one.
/// </summary>
[Category("Nix")]
public sealed class NativeLibrariesTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task No_request_to_the_cache_loads_a_library(bool hasTls)
    {
        using TestCertificates certificates = await TestCertificates.MakeAsync();
        using TemporaryDirectory directory = new();
        await using NativePair pair = await NativePair.StartAsync($"""
            enable_compression = true
            {(hasTls ? $"tls_cert_path = \"{certificates.Chain}\"\ntls_key_path = \"{certificates.Pkcs8Key}\"" : "")}
            [nar_cache]
            directory = "{directory["nars"]}"
            """);
        string[] atStart = LibrariesOf(pair.Cache.Program);
        string hash = Path.GetFileName(pair.Top)[..32];

        string zstdNar = (await pair.NarInfoAsync("--insecure")).Single(line => line.StartsWith("URL: ", StringComparison.Ordinal))[5..];
        string nar = zstdNar[..^".zst".Length];
        foreach (string path in (string[])[
            $"{hash}.narinfo?json", zstdNar, nar, $"{hash}.ls", $"serve/{hash}/", $"serve/{hash}/numbers",
            $"log/{Path.GetFileName(pair.Derivation)}", "", "metrics", "ready", "version",
        ])
        {
            foreach (string coding in (string[])["identity", "zstd", "br", "gzip"])
                await pair.FetchAsync(path, "--insecure", "--header", $"Accept-Encoding: {coding}");
        }

        await pair.FetchAsync(nar, "--insecure", "--http1.1", "--range", "100-200");
        await Command.TryRunAsync("curl", ["--silent", "--insecure", $"{pair.Cache.Url}none"]);
        await Command.RunAsync("kill", ["-HUP", $"{pair.Cache.Program.ProcessId}"]);
        await Patience.UntilAsync(() => pair.Cache.Program.Log.Contains("Reloaded;", StringComparison.Ordinal));
        await pair.FetchAsync("health", "--insecure");

        Assert.That(zstdNar, Does.EndWith(".nar.zst"));
        Assert.That(atStart, Has.Some.Contains("libcrypto"));
        Assert.That(LibrariesOf(pair.Cache.Program), Is.EqualTo(atStart));
    }

    [Test]
    public async Task No_client_of_the_daemon_loads_a_library()
    {
        using RealNixStore store = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        using TemporaryDirectory directory = new();
        // This looks the client's user up in every database of users and groups.
        await File.WriteAllTextAsync(directory["daemon.toml"], $"""
            socket_path = "{directory["socket"]}"
            real_store_dir = "{store.RealStoreDirectory}"
            state_dir = "{store.StateDirectory}"
            trusted_users = ["@no-such-group", "root"]
            log_level = "info"

            """);
        await using HarmoniaProgram daemon = await HarmoniaProgram.StartAsync(
            HarmoniaProgram.PublishedPath("harmonia-daemon"), ["--config", directory["daemon.toml"]], () => Task.FromResult(true), store.Environment);
        // Nobody has connected yet; a connection would look up a user.
        await Patience.UntilAsync(() => daemon.Log.Contains(" listens on ", StringComparison.Ordinal));
        string[] atStart = LibrariesOf(daemon);
        string file = $"{store.Root}/file";
        await File.WriteAllTextAsync(file, "contents");

        string added = (await NixStoreAsync("--add", file)).SortedLines.Single();
        foreach (string[] arguments in (string[][])[
            ["--query", "--hash", added], ["--verify", "--check-contents"], ["--optimise"], ["--gc", "--print-roots"], ["--delete", added],
        ])
        {
            await NixStoreAsync(arguments);
        }

        Assert.That(atStart, Has.Some.Contains("libcrypto"));
        Assert.That(LibrariesOf(daemon), Is.EqualTo(atStart));

        async Task<CommandResult> NixStoreAsync(params string[] arguments) => await Command.RunAsync(
            NixRelease.Forky.Program("nix-store"), arguments,
            new Dictionary<string, string?>(store.Environment) { ["NIX_REMOTE"] = $"unix://{directory["socket"]}{store.ClientParameters}" });
    }

    private static string[] LibrariesOf(HarmoniaProgram program) =>
    [
        .. File.ReadLines($"/proc/{program.ProcessId}/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .Where(path => path.Contains(".so", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal),
    ];
}
