using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Opens directories of an indexed tree, each relative to its parent and never through a symbolic link. It keeps the last ones on the
/// way down open. The owner disposes it.
/// </summary>
internal sealed class IndexedDirectories(NarIndex index, byte[] terminatedRoot) : IDisposable
{
    /// <summary>
    /// A reader serves one download, and there may be a thousand readers, so each may keep only a few files open. When a NAR is read in
    /// order, the next directory is usually among these.
    /// </summary>
    private const int MaxOpen = 8;

    // The directory at depth d is at d % MaxOpen, so the way down never replaces its own last steps.
    private readonly SafeFileHandle?[] _handles = new SafeFileHandle?[MaxOpen];
    private readonly int[] _entries = new int[MaxOpen];
    private readonly List<int> _way = [];
    private SafeFileHandle? _last;
    private int _lastEntry;

    /// <summary>
    /// The open directory with this index; -1 is the one from which the root's path starts. Valid until the next call, and not the
    /// caller's to dispose.
    /// </summary>
    public SafeFileHandle Open(int directory)
    {
        // Most files are in the same directory as the file before them.
        if (_last is not null && _lastEntry == directory)
            return _last;
        _last = null;
        _lastEntry = directory;
        return _last = Reach(directory);
    }

    private SafeFileHandle Reach(int directory)
    {
        _way.Clear();
        for (int entry = directory; entry >= 0; entry = index.Node(entry).Parent)
            _way.Add(entry);

        int known = 0;
        while (known < _way.Count && !IsOpen(_way.Count - 1 - known, _way[known]))
            known++;
        SafeFileHandle handle = known < _way.Count ? _handles[(_way.Count - 1 - known) % MaxOpen]! : LibcFiles.CurrentDirectory;
        for (int next = known - 1; next >= 0; next--)
            handle = OpenBelow(handle, depth: _way.Count - 1 - next, _way[next]);
        return handle;
    }

    public void Dispose()
    {
        foreach (SafeFileHandle? handle in _handles)
            handle?.Dispose();
    }

    private bool IsOpen(int depth, int entry) => _handles[depth % MaxOpen] is not null && _entries[depth % MaxOpen] == entry;

    private SafeFileHandle OpenBelow(SafeFileHandle parent, int depth, int entry)
    {
        ReadOnlySpan<byte> name = entry == 0 ? terminatedRoot : index.TerminatedName(index.Node(entry));
        int result = LibcFiles.Open(parent, name, OpenFlags.Directory | OpenFlags.NoFollow);
        if (result < 0)
            throw TreePath.Failure("openat", -result, index.Path(terminatedRoot, entry));
        int place = depth % MaxOpen;
        _handles[place]?.Dispose();
        _entries[place] = entry;
        return _handles[place] = new SafeFileHandle(result, ownsHandle: true);
    }
}
