using Harmonia.Protocol.Store;

namespace Harmonia.Tests.Protocol.Store;

/// <summary>Paths real Nix made of a file <c>f</c> with the content <c>hello\n</c>.</summary>
internal static class KnownPaths
{
    public static readonly NarHash HelloNar = NarHash.Parse("04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw");

    /// <summary>The file as a source.</summary>
    public static readonly StorePath Source = StorePath.Parse("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f");

    /// <summary>The file as text.</summary>
    public static readonly StorePath Text = StorePath.Parse("552f5r0wi8frys43livdhkagpkyfvjrv-f");
}
