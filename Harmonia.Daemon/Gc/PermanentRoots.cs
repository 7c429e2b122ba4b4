using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Finds the permanent roots in some directories, as <c>gcroots</c> and <c>profiles</c>: symlinks into the store, symlinks to such symlinks,
/// and files that have the name of a store path. Nix: src/libstore/gc.cc, LocalStore::findRoots.
/// </summary>
/// <param name="directories">The directories. One that does not exist has no roots.</param>
/// <param name="auto">The directory whose dangling symlinks are removed; null to remove nothing.</param>
/// <param name="paths">Recognises store paths.</param>
/// <param name="log">Gets a line for each root that cannot be read and for each symlink that is removed.</param>
internal sealed class PermanentRoots(IEnumerable<string> directories, string? auto, StorePathFinder paths, Action<LogLevel, string> log)
{
    private readonly byte[]? _auto = auto is null ? null : Encoding.UTF8.GetBytes($"{auto}/");
    private readonly RootSet _roots = new();

    // Not recursive: users may nest directories as deep as they like.
    private readonly Stack<byte[]> _folders = new();

    /// <summary>Finds all permanent roots of valid and invalid paths.</summary>
    public RootSet Find(CancellationToken cancellationToken)
    {
        foreach (string top in directories.Where(Directory.Exists))
        {
            using DirectoryHandle handle = DirectoryHandle.Open(top);
            VisitAll(handle, Encoding.UTF8.GetBytes(top), cancellationToken);
        }

        while (_folders.TryPop(out byte[]? folder))
        {
            using DirectoryHandle? handle = DirectoryHandle.Find(folder);
            if (handle is null)
            {
                ReportUnreadable(folder);
            }
            else
            {
                VisitAll(handle, folder, cancellationToken);
            }
        }

        return _roots;
    }

    private void VisitAll(DirectoryHandle folder, byte[] path, CancellationToken cancellationToken)
    {
        foreach (byte[] name in folder.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Visit(folder, name, [.. path, (byte)'/', .. name]);
        }
    }

    private void Visit(DirectoryHandle folder, byte[] name, byte[] path)
    {
        try
        {
            if (folder.FindLink(name) is byte[] target)
            {
                Follow(folder, name, path, target);
            }
            else if (folder.FindStatus(name) is { Type: FileType.Directory })
            {
                _folders.Push(path);
            }
            else if (folder.FindStatus(name) is { Type: FileType.Regular } && StorePathFinder.Parse(name) is StorePath named)
            {
                _roots.Add(named, path);
            }
        }
        catch (SystemCallException exception) when (exception.IsRefusal)
        {
            ReportUnreadable(path);
        }
    }

    private void Follow(DirectoryHandle folder, byte[] name, byte[] path, byte[] target)
    {
        if (paths.IsInStore(target))
        {
            Add(path, target);
            return;
        }

        byte[] next = Resolve(path, target);
        if (FileStatus.FindEntry(LibcFiles.CurrentDirectory, next) is null)
        {
            if (_auto is not null && path.AsSpan().StartsWith(_auto))
            {
                log(LogLevel.Info, $"removing stale link from '{PrintableBytes.Of(path)}' to '{PrintableBytes.Of(next)}'");
                folder.Unlink(name);
            }
        }
        else if (SymbolicLink.Find(next) is byte[] last && paths.IsInStore(last))
        {
            Add(next, last);
        }
    }

    private void Add(byte[] link, byte[] target)
    {
        if (paths.Find(target) is StorePath path)
        {
            _roots.Add(path, link);
        }
    }

    /// <summary>Resolves the target of a symlink by its text. Each byte is one character meanwhile.</summary>
    private static byte[] Resolve(byte[] link, byte[] target)
    {
        string folder = Path.GetDirectoryName(Encoding.Latin1.GetString(link))!;
        string full = Path.GetFullPath(Encoding.Latin1.GetString(target), folder);
        return Encoding.Latin1.GetBytes(Path.TrimEndingDirectorySeparator(full));
    }

    private void ReportUnreadable(byte[] path) => log(LogLevel.Info, $"cannot read potential root '{PrintableBytes.Of(path)}'");
}
