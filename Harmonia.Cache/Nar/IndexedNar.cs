using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Nar;

/// <summary>The index of a NAR, and the tree it was made from.</summary>
public sealed class IndexedNar(NarIndex index, TreeIdentity identity, bool isVerified)
{
    private volatile bool _isVerified = isVerified;

    public NarIndex Index => index;

    public TreeIdentity Identity => identity;

    /// <summary>Whether all bytes were read from these files once, and had the hash of the database.</summary>
    public bool IsVerified => _isVerified;

    public void SetVerified() => _isVerified = true;
}
