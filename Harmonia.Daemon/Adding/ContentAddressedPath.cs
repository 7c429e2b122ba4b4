using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>The metadata of a content-addressed path. Nix: src/libstore/content-address.cc, ValidPathInfo::makeFromCA.</summary>
internal static class ContentAddressedPath
{
    /// <summary>The metadata to register for a tree.</summary>
    /// <exception cref="FormatException">The name is not valid for a store path, or such a path may not have references.</exception>
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
