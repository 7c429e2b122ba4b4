using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// The file or directory that a path below a store object leads to. It is never a symbolic link, and lies in the same or another valid
/// object. The caller disposes it.
/// </summary>
/// <param name="Object">The valid path it lies in.</param>
/// <param name="Names">The names from the object down to it.</param>
/// <param name="Node">What is there, open.</param>
public sealed record StoreLocation(ValidPathInfo Object, IReadOnlyList<ReadOnlyMemory<byte>> Names, TreeNode Node) : IDisposable
{
    public void Dispose() => Node.Dispose();
}
