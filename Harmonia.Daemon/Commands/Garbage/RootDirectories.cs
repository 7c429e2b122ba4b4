using Harmonia.Daemon.Gc;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>Finds what directories keep that are no directories of the daemon's roots.</summary>
internal static class RootDirectories
{
    /// <summary>The store paths to which symbolic links in the directories and below point, as those in <c>gcroots</c> do.</summary>
    /// <exception cref="IOException">One of them does not exist, or cannot be read.</exception>
    public static HashSet<StorePath> FindTargets(
        IEnumerable<string> directories, StoreDirectory store, Action<string> warn, CancellationToken cancellationToken)
    {
        HashSet<StorePath> targets = [];
        foreach (string directory in directories)
        {
            if (!Directory.Exists(directory))
            {
                throw new DirectoryNotFoundException(
                    $"--gc-roots-dir: expected a directory, but {directory} is none. Nothing was deleted from the store, because it might be needed.");
            }

            PermanentRoots roots = new([Path.GetFullPath(directory)], auto: null, new StorePathFinder(store), Warn);
            targets.UnionWith(roots.Find(cancellationToken).Targets);
        }

        return targets;

        void Warn(LogLevel level, string text) => warn(text);
    }
}
