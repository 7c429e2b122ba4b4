using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Daemon;
using Harmonia.Tests.Daemon.Database;
using Harmonia.Tests.Support;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Both daemons get queries for the outputs of all kinds of derivations, some of them built by Nix, in one store.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class DerivationOutputTests(NixRelease release)
{
    private const string Sandbox = """
        sandbox = true
        sandbox-paths = /bin=/usr/bin /lib=/usr/lib /lib64=/usr/lib64 /usr
        """;

    private const string Expression = """
        let
          make = name: more: derivation ({
            inherit name; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "for o in $outputs; do eval \"echo $name $input > \\$$o\"; done" ];
            outputs = [ "out" ];
          } // more);
          floating = { __contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256"; };
          fixed = make "fixed" { outputHashMode = "flat"; outputHashAlgo = "sha256"; outputHash = builtins.hashString "sha256" "fixed\n"; };
          deep = make "deep" (floating // { input = fixed; });
        in rec {
          inherit fixed deep;
          addressed = make "addressed" { input = fixed; outputs = [ "out" "dev" ]; };
          content = make "content" (floating // { input = deep; outputs = [ "bin" "out" ]; });
          deferred = make "deferred" { input = content; };
          unbuilt = make "unbuilt" { input = fixed; outputs = [ "out" "doc" ]; };
          unbuiltFixed = make "unbuilt-fixed" { outputHashMode = "recursive"; outputHashAlgo = "sha1"; outputHash = "0000000000000000000000000000000000000000"; };
          unbuiltContent = make "unbuilt-content" (floating // { input = content; outputs = [ "out" "doc" ]; });
          unbuiltDeferred = make "unbuilt-deferred" { input = unbuiltContent; };
        }
        """;

    [Test]
    public async Task Outputs_and_realisations_agree()
    {
        using RealNixStore store = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot, Sandbox);
        string[] derivations = [.. (await store.InstantiateAsync(Expression)).Select(path => path.Split('!')[0])];
        await store.RunAsync("nix-store", ["--realise", .. derivations.Where(path => !path.Contains("-unbuilt", StringComparison.Ordinal))]);
        await using HarmoniaDaemon harmonia = await HarmoniaDaemon.StartAsync(store);
        using RealNixDaemon nix = RealNixDaemon.Start(store);
        StorePath[] paths = [.. derivations.Select(path => StorePath.Parse(Path.GetFileName(path)))];

        DrvOutput[] recorded = Recorded(store);

        Assert.That(paths, Has.Length.EqualTo(9));
        string[] ours = await DescribeAsync(harmonia.SocketPath, paths, recorded);
        Assert.That(ours, Is.EqualTo(await DescribeAsync(nix.SocketPath, paths, recorded)));
        Assert.That(ours.Count(line => line.Contains("= ?", StringComparison.Ordinal)), Is.EqualTo(3), "Those of unbuilt derivations that nothing else tells.");
        Assert.That(ours.Count(line => line.StartsWith("{\"dependent", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(3));
    }

    private static DrvOutput[] Recorded(RealNixStore store)
    {
        using SqliteConnection connection = DatabaseConnections.OpenForReading(store.Database);
        return [.. connection.Query("select drvPath, outputName from Realisations order by 1, 2").Select(row => new DrvOutput(row[0], row[1]))];
    }

    private static async Task<string[]> DescribeAsync(string socketPath, StorePath[] derivations, DrvOutput[] recorded)
    {
        List<string> lines = [];
        using SessionClient client = await SessionClient.ConnectAsync(socketPath, minor: 34);
        foreach (StorePath derivation in derivations)
        {
            await client.AskAsync(Operation.QueryDerivationOutputMap, derivation);
            IReadOnlyDictionary<string, StorePath?> outputs = await DerivationOutputMapCodec.ReadAsync(client.Reader, client.Context, default);
            lines.AddRange(outputs.OrderBy(output => output.Key, StringComparer.Ordinal).Select(output => $"{derivation.Name}^{output.Key} = {output.Value?.ToString() ?? "?"}"));
            foreach (StorePath output in outputs.Values.OfType<StorePath>())
            {
                await client.AskAsync(Operation.QueryValidDerivers, output);
                lines.Add($"{output} < {string.Join(' ', await StorePathCodec.ReadSetAsync(client.Reader, client.Context, default))}");
            }
        }

        foreach (DrvOutput id in recorded)
        {
            await client.AskAsync(Operation.QueryRealisation, (writer, _) => DrvOutputCodec.Write(writer, id));
            lines.Add((await RealisationCodec.ReadOptionalAsync(client.Reader, client.Context, id, default))!.ToJson());
        }

        return [.. lines];
    }
}
