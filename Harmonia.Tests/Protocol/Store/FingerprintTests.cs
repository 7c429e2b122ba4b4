using System.Text;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class FingerprintTests
{
    private const string Expected =
        "1;/nix/store/rpbvp3yr7709w8h43pda70d3pjw9skf5-f2;sha256:0j116zki4432hcpxlxd6mip064i53z5pn0vyvj0crgz8m1l04a69;160;";

    private static readonly StorePath Path = StorePath.Parse("rpbvp3yr7709w8h43pda70d3pjw9skf5-f2");

    [Test]
    public void Path_hash_size_and_references_are_signed()
    {
        Assert.That(Print(Info(KnownPaths.Source)), Is.EqualTo(Expected + "/nix/store/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f"));
        Assert.That(Print(Info()), Is.EqualTo(Expected));
    }

    [Test]
    public void References_are_sorted_by_path_and_include_the_path_itself() => Assert.That(
        Print(Info(KnownPaths.Source, Path, KnownPaths.Text)),
        Is.EqualTo(Expected + string.Join(
            ',',
            "/nix/store/552f5r0wi8frys43livdhkagpkyfvjrv-f",
            "/nix/store/rpbvp3yr7709w8h43pda70d3pjw9skf5-f2",
            "/nix/store/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f")));

    [Test]
    public void Nothing_else_is_part_of_it()
    {
        ValidPathInfo info = Info(KnownPaths.Source);
        UnkeyedValidPathInfo other = info.Info with
        {
            Deriver = KnownPaths.Text,
            RegistrationTime = 1,
            Ultimate = true,
            Signatures = ["a:b"],
            ContentAddress = ContentAddress.Parse("fixed:md5:3y8bwfr609h3lh9ch0izcqq7fl"),
        };

        Assert.That(Print(info with { Info = other }), Is.EqualTo(Print(info)));
    }

    [Test]
    public void Unknown_size_is_refused()
    {
        ValidPathInfo info = Info();

        Assert.That(
            () => Print(info with { Info = info.Info with { NarSize = 0 } }),
            Throws.InvalidOperationException.With.Message.Contains("/nix/store/rpbvp3yr7709w8h43pda70d3pjw9skf5-f2"));
    }

    private static string Print(ValidPathInfo info) => Encoding.UTF8.GetString(Fingerprint.Of(StoreDirectory.Default, info));

    private static ValidPathInfo Info(params StorePath[] references) => new()
    {
        Path = Path,
        Info = new()
        {
            NarHash = NarHash.Parse("sha256:0j116zki4432hcpxlxd6mip064i53z5pn0vyvj0crgz8m1l04a69"),
            NarSize = 160,
            References = references,
        },
    };
}
