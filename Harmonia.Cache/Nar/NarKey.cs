using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Nar;

/// <summary>A path with certain contents: a path that is deleted and added again with other contents has another key.</summary>
public readonly record struct NarKey(StorePathHash Path, NarHash Hash)
{
    public static NarKey Of(ValidPathInfo path) => new(path.Path.Hash, path.Info.NarHash);
}
