using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Keys, signatures and paths of real Nix, which our code must compute in the same way.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class NixSignatureTests(NixRelease release)
{
    // A secret key without its last digit, Q.
    private const string Start = "MlYiI5tnNdyCsAIzCnI9JrUhDsRsYsbZrj54skbUd8Iv";
    private const string End = "wt2AGGXfbfkLEQOskjhiito33PkBOfQh8cteT2QQx";

    [Test]
    public async Task Keys_of_Nix_are_read()
    {
        using TemporaryDirectory folder = new();
        await Command.RunAsync(
            release.Program("nix-store"), ["--generate-binary-cache-key", "cache.example.org-1", folder["secret"], folder["public"]]);

        using SecretKey key = SecretKey.Parse(await File.ReadAllTextAsync(folder["secret"]));

        Assert.That(key.PublicKey.ToString(), Is.EqualTo(await File.ReadAllTextAsync(folder["public"])));
        Assert.That(key.ExportText(), Is.EqualTo(await File.ReadAllTextAsync(folder["secret"])));
    }

    [TestCase(Start + End + "Q==", Description = "as Nix writes it")]
    [TestCase(Start + End + "Q", Description = "no padding")]
    [TestCase(Start + End + "Q=", Description = "half the padding")]
    [TestCase(Start + End + "Q\n", Description = "a line feed")]
    [TestCase(Start + "\n" + End + "Q==\n", Description = "two lines")]
    [TestCase(Start + End + "R==", Description = "a bit beyond the last byte")]
    [TestCase(Start + " " + End + "Q==", Description = "a blank")]
    [TestCase(Start + "\t" + End + "Q==", Description = "a tab")]
    [TestCase(Start + "=" + End + "Q==", Description = "padding in the middle")]
    [TestCase(Start + "-" + End + "==", Description = "the alphabet of URLs")]
    [TestCase(Start + End, Description = "a digit too few")]
    [TestCase(Start + End + "QAA", Description = "a byte too many")]
    [TestCase("", Description = "nothing")]
    public async Task Base_64_of_keys_is_taken_and_refused_as_by_Nix(string base64)
    {
        string text = $"test-1:{base64}";

        CommandResult converted = await Command.TryRunAsync(
            release.Program("nix"),
            ["--extra-experimental-features", "nix-command", "key", "convert-secret-to-public"],
            input: Encoding.ASCII.GetBytes(text));

        string? expected = converted.ExitCode == 0 ? converted.Text.Trim() : null;
        Assert.That(PublicKeyOf(text), Is.EqualTo(expected));
    }

    [Test]
    public async Task Keys_made_here_are_read_by_Nix()
    {
        using SecretKey key = SecretKey.Generate("cache.example.org-2");

        CommandResult converted = await Command.RunAsync(
            release.Program("nix"),
            ["--extra-experimental-features", "nix-command", "key", "convert-secret-to-public"],
            input: Encoding.ASCII.GetBytes(key.ExportText()));

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

    private static string? PublicKeyOf(string text)
    {
        try
        {
            using SecretKey key = SecretKey.Parse(text);
            return key.PublicKey.ToString();
        }
        catch (FormatException)
        {
            return null;
        }
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
