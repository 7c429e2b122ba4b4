using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>The path of a tree that is named by its content. Nix: src/libstore/content-address.cc, ValidPathInfo::makeFromCA.</summary>
internal static class ContentAddressedPath
{
    /// <summary>What to register for a tree.</summary>
    /// <exception cref="FormatException">The name can't be that of a store path, or an object so addressed may not have references.</exception>
    public static ValidPathInfo Of(
        StoreDirectory directory, string name, ContentAddress address, IReadOnlyList<StorePath> references, ReceivedTree tree) => new()
        {
            Path = StorePathComputation.MakeFixedOutputPath(directory, name, address, references, refersToSelf: false),
            Info = new UnkeyedValidPathInfo
            {
                NarHash = tree.NarHash,
                NarSize = (ulong)tree.NarSize,
                References = references,
                ContentAddress = address,
            },
        };
}
