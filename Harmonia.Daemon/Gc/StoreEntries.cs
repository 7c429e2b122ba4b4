using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>The entries of the store directory that belong to no valid path.</summary>
internal sealed class StoreEntries
{
    private StoreEntries(IReadOnlyList<StorePath> invalid, IReadOnlyList<byte[]> strays) => (Invalid, Strays) = (invalid, strays);

    /// <summary>Entries with the name of a store path: files of invalid paths, and locks.</summary>
    public IReadOnlyList<StorePath> Invalid { get; }

    /// <summary>The names of all other entries.</summary>
    public IReadOnlyList<byte[]> Strays { get; }

    /// <summary>Whether this is the name of a scratch directory for incomplete paths. Its user holds a lock on it.</summary>
    public static bool IsScratch(ReadOnlySpan<byte> name) => name.StartsWith("tmp-"u8);

    /// <summary>Reads the store directory. The graph must be older, so that entries that are neither in it nor kept are garbage.</summary>
    public static StoreEntries Read(DirectoryHandle store, StoreGraph graph)
    {
        List<StorePath> invalid = [];
        List<byte[]> strays = [];
        store.ForEachEntry(name =>
        {
            if (PathNames.IsPlain(name) && graph.Names.Find(name) >= 0)
            {
                // Nearly every entry.
            }
            else if (StorePathFinder.Parse(name) is not StorePath path)
            {
                if (!name.SequenceEqual(".links"u8))
                {
                    strays.Add(name.ToArray());
                }
            }
            else if (graph.Find(path) is null)
            {
                invalid.Add(path);
            }
        });
        return new StoreEntries(invalid, strays);
    }
}
