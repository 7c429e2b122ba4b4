using Harmonia.Daemon.Gc;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>Finds what directories keep that are no directories of the daemon's roots.</summary>
internal static class RootDirectories
{
    /// <summary>The store paths to which symbolic links in the directories and below point, as those in <c>gcroots</c> do.</summary>
    /// <exception cref="IOException">One of them does not exist, or something in it cannot be read: nobody knows what it keeps.</exception>
    public static HashSet<StorePath> FindTargets(
        IEnumerable<string> directories, StoreDirectory store, CancellationToken cancellationToken)
    {
        const string Consequence = "Nothing was deleted from the store, because it might be needed.";
        HashSet<StorePath> targets = [];
        List<string> unreadable = [];
        foreach (string directory in directories)
        {
            if (!Directory.Exists(directory))
            {
                throw new DirectoryNotFoundException($"--gc-roots-dir: expected a directory, but {directory} is none. {Consequence}");
            }

            PermanentRoots roots = new([Path.GetFullPath(directory)], auto: null, new StorePathFinder(store), (_, text) => unreadable.Add(text));
            targets.UnionWith(roots.Find(cancellationToken).Targets);
        }

        return unreadable.Count == 0 ? targets : throw new IOException($"--gc-roots-dir: {unreadable[0]}. {Consequence}");
    }
}
