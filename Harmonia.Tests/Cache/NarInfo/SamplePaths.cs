using Harmonia.Protocol.Store;

namespace Harmonia.Tests.Cache.NarInfo;

/// <summary>Path infos and a test key from real Nix, with its output about them.</summary>
public static class SamplePaths
{
    public const string SecretKey = "test-1:MlYiI5tnNdyCsAIzCnI9JrUhDsRsYsbZrj54skbUd8Ivwt2AGGXfbfkLEQOskjhiito33PkBOfQh8cteT2QQxQ==";

    public const string PublicKey = "test-1:L8LdgBhl3235CxEDrJI4YoraN9z5ATn0IfHLXk9kEMU=";

    /// <summary>What Nix signed <see cref="WithReference"/> with.</summary>
    public const string Signature =
        "test-1:k+RYlyCu2hw8hKeF2X9JhWQDyDXpY6x3dceJvPhkcw5V+HJkJNru66X81TiiPXBZ+8Tve/dvGPplTunK1WcADw==";

    public const string OtherSignature =
        "cache.nixos.org-1:GrGV/Ls10TzoOaCnrcAqmPbKXFLLSBDeGNh5EQGKyuGA4K1wv1LcRVb6/sU+NAPK8lDiam8XcdJzUngmdhfTBQ==";

    /// <summary>A file with a reference, as far as it is signed.</summary>
    public static ValidPathInfo WithReference { get; } = new()
    {
        Path = StorePath.Parse("rpbvp3yr7709w8h43pda70d3pjw9skf5-f2"),
        Info = new UnkeyedValidPathInfo
        {
            NarHash = NarHash.Parse("sha256:0j116zki4432hcpxlxd6mip064i53z5pn0vyvj0crgz8m1l04a69"),
            NarSize = 160,
            References = [StorePath.Parse("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f")],
        },
    };

    /// <summary>Every field there is.</summary>
    public static ValidPathInfo Full { get; } = WithReference with
    {
        Info = WithReference.Info with
        {
            Deriver = StorePath.Parse("yz0npkk0knai0s2jf4jrrq9ldk9b6x96-top.drv"),
            References =
            [
                StorePath.Parse("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f"),
                StorePath.Parse("rpbvp3yr7709w8h43pda70d3pjw9skf5-f2"),
            ],
            RegistrationTime = 1_700_000_000,
            Ultimate = true,
            Signatures = ["junk", OtherSignature, "short:AAAA", "no newline:\n"],
            ContentAddress = ContentAddress.Parse("fixed:r:sha256:04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw"),
        },
    };

    /// <summary>Nothing that may be left out.</summary>
    public static ValidPathInfo Bare { get; } = new()
    {
        Path = StorePath.Parse("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f"),
        Info = new UnkeyedValidPathInfo
        {
            NarHash = NarHash.Parse("sha256:04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw"),
            NarSize = 120,
        },
    };
}
