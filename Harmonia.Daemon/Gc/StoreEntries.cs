using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>What is in the store directory and belongs to no valid path.</summary>
internal sealed class StoreEntries
{
    private StoreEntries(IReadOnlyList<StorePath> invalid, IReadOnlyList<byte[]> strays) => (Invalid, Strays) = (invalid, strays);

    /// <summary>Names that a path could have: files of what is not valid, and locks.</summary>
    public IReadOnlyList<StorePath> Invalid { get; }

    /// <summary>All other names.</summary>
    public IReadOnlyList<byte[]> Strays { get; }

    /// <summary>Whether this is the name of a folder for what is not complete yet, which its user has locked.</summary>
    public static bool IsScratch(ReadOnlySpan<byte> name) => name.StartsWith("tmp-"u8);

    /// <summary>Looks at all names in the store directory. The graph must be older: what is neither in it nor kept is garbage then.</summary>
    public static StoreEntries Read(DirectoryHandle store, StoreGraph graph)
    {
        List<StorePath> invalid = [];
        List<byte[]> strays = [];
        foreach (byte[] name in store.List())
        {
            if (StorePathFinder.Parse(name) is not StorePath path)
            {
                if (!name.AsSpan().SequenceEqual(".links"u8))
                {
                    strays.Add(name);
                }
            }
            else if (graph.Find(path) is null)
            {
                invalid.Add(path);
            }
        }

        return new StoreEntries(invalid, strays);
    }
}
