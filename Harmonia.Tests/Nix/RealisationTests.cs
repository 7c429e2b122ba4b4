using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>
/// A real client gets the outputs that another one built of content-addressed derivations, and their realisations, from the cache.
/// </summary>
[Category("Nix")]
public sealed class RealisationTests
{
    private const string Sandbox = """
        sandbox = true
        sandbox-paths = /bin=/usr/bin /lib=/usr/lib /lib64=/usr/lib64 /usr
        """;

    private const string Expression = """
        let
          make = name: previous: derivation {
            inherit name previous;
            system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo $name $previous > $out" ];
            __contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256";
          };
        in make "second" (make "first" "")
        """;

    [TestCase("2.26")]
    [TestCase("2.34")]
    public async Task What_was_built_by_content_is_signed_and_substituted(string name)
    {
        NixRelease release = NixRelease.All.Single(release => release.Name == name);
        using RealNixStore store = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot, Sandbox);
        string output = (await store.BuildAsync(Expression)).Single();
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(store);
        await using HarmoniaCache cache = await HarmoniaCache.StartAsync(store, daemon.SocketPath);

        await AssertSignedAsync(store, cache);
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot, Sandbox);
        string derivation = (await destination.InstantiateAsync(Expression)).Single();
        CommandResult substituted = await Command.TryRunAsync(
            release.Program("nix-store"),
            [
                "--realise", derivation, "--option", "max-jobs", "0", "--option", "substituters", cache.Url.ToString(),
                "--option", "trusted-public-keys", cache.PublicKey, "--option", "require-sigs", "true",
            ],
            destination.Environment);

        Assert.That(substituted.ExitCode, Is.Zero, substituted.Errors);
        Assert.That(substituted.Text.Trim(), Is.EqualTo(output));
        Assert.That(await destination.QueryAllAsync(), Does.Contain(output));
    }

    [Test]
    public async Task A_store_that_knows_outputs_by_path_is_asked_by_path()
    {
        using RealNixStore store = await RealNixStore.CreateAsync(NixRelease.Forky);
        string derivation = Path.GetFileName((await store.InstantiateAsync(Expression)).Single());
        string output = await store.AddFileAsync("output", "made");
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(store);
        await using HarmoniaCache cache = await HarmoniaCache.StartAsync(store, daemon.SocketPath);

        // As Nix 2.35 makes it: src/libstore/ca-specific-schema.sql.
        await Command.RunAsync("sqlite3", [store.Database, $"""
            create table BuildTraceV3 (
              id integer primary key autoincrement not null, drvPath text not null, outputName text not null, outputPath text not null,
              signatures text);
            insert into BuildTraceV3 (drvPath, outputName, outputPath) values ('{derivation}', 'out', '{output}');
            """]);
        string json = await FetchAsync(cache, $"build-trace-v2/{derivation}/out.doi");

        Assert.That(json, Does.StartWith($$"""{"outPath":"{{Path.GetFileName(output)}}","signatures":[{"keyName":"cache.example.org-1","sig":""" + "\""));
    }

    [TestCase("2.8")]
    [TestCase("2.26")]
    [TestCase("2.34")]
    public async Task A_daemon_without_content_addressed_derivations_knows_of_none(string name)
    {
        NixRelease release = NixRelease.All.Single(release => release.Name == name);
        using RealNixStore store = await RealNixStore.CreateAsync(release, configuration: "experimental-features =");
        await store.AddFileAsync("file", "makes a database");
        using RealNixDaemon daemon = RealNixDaemon.Start(store);
        await using HarmoniaCache cache = await HarmoniaCache.StartAsync(store, daemon.SocketPath);

        const string ByHash = "realisations/sha256:1c37d01af40be2e80691de3cc3df44377a699afbb17c68f080964b2fd071fc13!out.doi";
        foreach (string url in (string[])[ByHash, ByHash, "build-trace-v2/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-hello.drv/out"])
        {
            CommandResult answer = await Command.RunAsync("curl", ["--silent", "--write-out", " %{http_code}", $"{cache.Url}{url}"]);
            Assert.That(answer.Text, Is.EqualTo("realisation not found 404"), daemon.Log);
        }

        Assert.That(daemon.Log.Split("Assertion"), Has.Length.LessThanOrEqualTo(2));
    }

    private static async Task AssertSignedAsync(RealNixStore store, HarmoniaCache cache)
    {
        CommandResult ids = await Command.RunAsync("sqlite3", [store.Database, "select drvPath || '!' || outputName from Realisations"]);
        string[] outputs = ids.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(outputs, Has.Length.GreaterThanOrEqualTo(2));
        PublicKey key = PublicKey.Parse(cache.PublicKey);
        foreach (string id in outputs)
        {
            Realisation realisation = Realisation.ParseJson(await FetchAsync(cache, $"realisations/{id}.doi"));
            Assert.That(realisation.Id, Is.EqualTo(DrvOutput.Parse(id)));
            Assert.That(
                realisation.Signatures.Any(text =>
                    Signature.TryParse(text, out Signature? signature) && key.Verify(realisation.Fingerprint(), signature)));
        }
    }

    private static async Task<string> FetchAsync(HarmoniaCache cache, string url) =>
        (await Command.RunAsync("curl", ["--silent", "--fail", $"{cache.Url}{url}"])).Text;
}
