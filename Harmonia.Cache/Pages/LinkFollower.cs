using System.Diagnostics;
using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary>Finds out where the symbolic links of a directory lead. A link may lead to another path, which the daemon must know.</summary>
public sealed class LinkFollower(StoreWalk walk)
{
    // Nobody waits longer for a listing because it has many links. What is left over is shown without its end.
    private const int MaxLinks = 2000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(500);

    /// <summary>The entries, in their order. Reads directories, which may block.</summary>
    /// <param name="path">The path that the directory was asked for in.</param>
    /// <param name="names">The names below it that lead to the directory.</param>
    /// <param name="entries">The entries of the directory.</param>
    /// <param name="cancellationToken">Usually ends when the client is gone.</param>
    public async Task<IReadOnlyList<ListedEntry>> FollowAsync(
        ValidPathInfo path, IReadOnlyList<byte[]> names, IReadOnlyList<TreeEntry> entries, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        ListedEntry[] listed = new ListedEntry[entries.Count];
        int followed = 0;
        for (int i = 0; i < listed.Length; i++)
        {
            bool isFollowed = entries[i].Kind == NarNodeKind.Symlink && followed < MaxLinks && Stopwatch.GetElapsedTime(start) < MaxTime;
            LinkEnd end = isFollowed ? await FindEndAsync(path, [.. names, entries[i].Name.ToArray()], cancellationToken) : LinkEnd.Unknown;
            listed[i] = new ListedEntry(entries[i], end);
            followed += isFollowed ? 1 : 0;
        }

        return listed;
    }

    private async Task<LinkEnd> FindEndAsync(ValidPathInfo path, IReadOnlyList<byte[]> names, CancellationToken cancellationToken)
    {
        try
        {
            using StoreLocation? location = await walk.FindAsync(path, names, cancellationToken);
            return location?.Node switch
            {
                TreeNode.Regular => LinkEnd.File,
                TreeNode.Directory => LinkEnd.Directory,
                _ => LinkEnd.Nowhere,
            };
        }
        catch (Exception exception) when (exception is IOException or RemoteErrorException or TimeoutException)
        {
            // The listing needs no daemon, and a link that can't be read is still a link.
            return LinkEnd.Unknown;
        }
    }
}
