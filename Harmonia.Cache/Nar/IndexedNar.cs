using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Nar;

/// <summary>The index of a path's NAR and the tree that it was made of.</summary>
public sealed class IndexedNar(NarIndex index, TreeIdentity identity, bool isVerified)
{
    private volatile bool _isVerified = isVerified;

    public NarIndex Index => index;

    public TreeIdentity Identity => identity;

    /// <summary>Whether all bytes of the NAR were once read from these files and had the hash that the database says.</summary>
    public bool IsVerified => _isVerified;

    public void SetVerified() => _isVerified = true;
}
