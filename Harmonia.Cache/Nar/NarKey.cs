using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Nar;

/// <summary>A path with certain contents: a path that is deleted and made anew with others is another one.</summary>
public readonly record struct NarKey(StorePathHash Path, NarHash Hash)
{
    public static NarKey Of(ValidPathInfo path) => new(path.Path.Hash, path.Info.NarHash);
}
