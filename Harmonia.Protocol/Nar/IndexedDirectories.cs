using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Opens directories of an indexed tree, each relative to the one it is in and never through a symbolic link, and keeps the
/// last ones of the way down open. The owner disposes it.
/// </summary>
internal sealed class IndexedDirectories(NarIndex index, byte[] terminatedRoot) : IDisposable
{
    /// <summary>
    /// A reader serves one download, and there may be a thousand: few files each. Reading in order finds the next directory
    /// among these as long as it is not this much further up.
    /// </summary>
    private const int MaxOpen = 8;

    // The directory at depth d stands at d % MaxOpen: a way down never displaces its own last steps.
    private readonly SafeFileHandle?[] _handles = new SafeFileHandle?[MaxOpen];
    private readonly int[] _entries = new int[MaxOpen];
    private readonly List<int> _way = [];
    private SafeFileHandle? _last;
    private int _lastEntry;

    /// <summary>
    /// The open directory at an index, for -1 the one the root's path starts from. Valid until the next call, owned by this.
    /// </summary>
    public SafeFileHandle Open(int directory)
    {
        // Most files have the directory of the one before.
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
