using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Pages;

/// <summary>An entry of a directory as a listing shows it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="End">Where it leads, if it is a symbolic link.</param>
public readonly record struct ListedEntry(TreeEntry Entry, LinkEnd End)
{
    /// <summary>Whether it has entries of its own.</summary>
    public bool IsDirectory => Entry.Kind == NarNodeKind.Directory || End == LinkEnd.Directory;
}
