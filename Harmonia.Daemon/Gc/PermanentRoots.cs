using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// The roots that somebody made for good: links into the store, links to such links, and files named like store paths, in
/// <c>gcroots</c> and <c>profiles</c>. Nix: src/libstore/gc.cc, LocalStore::findRoots.
/// </summary>
/// <param name="stateDirectory">The folder that has both in it.</param>
/// <param name="paths">Knows store paths.</param>
/// <param name="log">Told what can't be read, and which links are removed.</param>
internal sealed class PermanentRoots(string stateDirectory, StorePathFinder paths, Action<LogLevel, string> log)
{
    private readonly byte[] _auto = Encoding.UTF8.GetBytes($"{stateDirectory}/gcroots/auto/");
    private readonly RootSet _roots = new();

    // Not recursive: users may make folders in it as deep as they like.
    private readonly Stack<byte[]> _folders = new();

    /// <summary>Finds all, valid or not. Links in <c>gcroots/auto</c> that lead nowhere any more are removed.</summary>
    public RootSet Find(CancellationToken cancellationToken)
    {
        foreach (string top in new[] { $"{stateDirectory}/gcroots", $"{stateDirectory}/profiles" }.Where(Directory.Exists))
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
            else if (folder.FindStatus(name) is { IsDirectory: true })
            {
                _folders.Push(path);
            }
            else if (folder.FindStatus(name) is { IsRegular: true } && StorePathFinder.Parse(name) is StorePath named)
            {
                _roots.Add(named, path);
            }
        }
        catch (LibcException exception) when (exception.IsRefusal)
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
        if (FileStatus.FindEntry(Libc.NoDirectory, next) is null)
        {
            if (path.AsSpan().StartsWith(_auto))
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

    /// <summary>Where a link leads, by text alone. Every byte is a character meanwhile.</summary>
    private static byte[] Resolve(byte[] link, byte[] target)
    {
        string folder = Path.GetDirectoryName(Encoding.Latin1.GetString(link))!;
        string full = Path.GetFullPath(Encoding.Latin1.GetString(target), folder);
        return Encoding.Latin1.GetBytes(Path.TrimEndingDirectorySeparator(full));
    }

    private void ReportUnreadable(byte[] path) => log(LogLevel.Info, $"cannot read potential root '{PrintableBytes.Of(path)}'");
}
