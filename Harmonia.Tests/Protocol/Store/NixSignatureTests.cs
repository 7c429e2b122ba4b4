using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

/// <summary>Keys, signatures and paths of real Nix: what it computed must come out the same here.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class NixSignatureTests(NixRelease release)
{
    [Test]
    public async Task Keys_of_Nix_are_read()
    {
        using TemporaryDirectory folder = new();
        await Command.RunAsync(
            release.Program("nix-store"), ["--generate-binary-cache-key", "cache.example.org-1", folder["secret"], folder["public"]]);

        using SecretKey key = SecretKey.Parse(await File.ReadAllTextAsync(folder["secret"]));

        Assert.That(key.PublicKey.ToString(), Is.EqualTo(await File.ReadAllTextAsync(folder["public"])));
        Assert.That(key.Export(), Is.EqualTo(await File.ReadAllTextAsync(folder["secret"])));
    }

    [Test]
    public async Task Keys_made_here_are_read_by_Nix()
    {
        using SecretKey key = SecretKey.Generate("cache.example.org-2");

        CommandResult converted = await Command.RunAsync(
            release.Program("nix"),
            ["--extra-experimental-features", "nix-command", "key", "convert-secret-to-public"],
            input: Encoding.ASCII.GetBytes(key.Export()));

        Assert.That(converted.Text.Trim(), Is.EqualTo(key.PublicKey.ToString()));
    }

    [Test]
    public async Task Paths_and_realisations_are_signed_alike()
    {
        using RealNixStore store = await RealNixStore.CreateAsync(release);
        SampleStorePaths paths = await SampleStorePaths.AddToAsync(store);
        StoreDirectory directory = StoreDirectory.Parse(store.StoreDirectory);
        using SecretKey key = SecretKey.Parse(await File.ReadAllTextAsync($"{store.Root}/etc/secret-key"));
        string output = paths.ContentAddressedDerivation + (release == NixRelease.Bookworm ? "" : "^out");
        string cache = $"{store.Root}/cache";
        await store.RunAsync("nix", "copy", "--to", $"file://{cache}", paths.Directory, paths.Chain[^1], output);
        await store.RunAsync("nix", "copy", "--to", $"file://{cache}", "--derivation", paths.UnbuiltDerivation);

        string[] narInfos = Directory.GetFiles(cache, "*.narinfo");
        int contentAddressed = 0;
        foreach (string file in narInfos)
        {
            ValidPathInfo info = Read(directory, await File.ReadAllLinesAsync(file));
            bool isContentAddressed = StorePathComputation.IsContentAddressed(directory, info);
            contentAddressed += isContentAddressed ? 1 : 0;

            Assert.That(isContentAddressed, Is.EqualTo(info.Info.ContentAddress is not null));
            if (!isContentAddressed || info.Info.Signatures.Count > 0)
            {
                Assert.That(info.Info.Signatures, Is.EqualTo([key.Sign(Fingerprint.Of(directory, info)).ToString()]));
            }
        }

        Assert.That(narInfos.Length - contentAddressed, Is.EqualTo(paths.Chain.Count));
        Assert.That(contentAddressed, Is.GreaterThan(3));

        string json = await File.ReadAllTextAsync(Directory.GetFiles($"{cache}/realisations").Single());
        Realisation realisation = Realisation.ParseJson(json);
        Assert.That(realisation.ToJson(), Is.EqualTo(json));
        Assert.That(realisation.Signatures, Is.EqualTo([key.Sign(realisation.Fingerprint()).ToString()]));
    }

    private static ValidPathInfo Read(StoreDirectory directory, string[] narInfo)
    {
        ILookup<string, string> fields = narInfo.ToLookup(line => line[..line.IndexOf(':')], line => line[(line.IndexOf(':') + 2)..]);
        return new()
        {
            Path = directory.ParsePath(fields["StorePath"].Single()),
            Info = new()
            {
                NarHash = NarHash.Parse(fields["NarHash"].Single()),
                NarSize = ulong.Parse(fields["NarSize"].Single()),
                References =
                [
                    .. fields["References"].Single().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => StorePath.Parse(name)),
                ],
                Signatures = [.. fields["Sig"]],
                ContentAddress = fields["CA"].SingleOrDefault() is string address ? ContentAddress.Parse(address) : null,
            },
        };
    }
}
