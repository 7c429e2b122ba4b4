using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Maintenance;

/// <summary>
/// Replaces files with equal contents by hard links to one file, path by path. Any number of threads and processes may do so at once.
/// Nix: src/libstore/optimise-store.cc, LocalStore::optimisePath_.
/// </summary>
/// <remarks>
/// Nix checks only the size of a link before it uses it, unless it repairs. This daemon hashes each link before its first use, so that a
/// corrupt link never replaces an intact file.
/// </remarks>
/// <param name="links">The links; the caller disposes them.</param>
/// <param name="known">The files that are linked already.</param>
internal sealed class PathOptimiser(LinksDirectory links, LinkedInodes known)
{
    private static int _last;

    private readonly LinkedInodes _whole = new();

    /// <summary>Links the files of a path in the store.</summary>
    /// <exception cref="IOException">A file cannot be read or written. The path stays intact.</exception>
    public Optimisation Optimise(StorePath path, CancellationToken cancellationToken)
    {
        Optimisation result = new();
        Visit(links.Store, Encoding.ASCII.GetBytes(path.BaseName), result, cancellationToken);
        return result;
    }

    /// <summary>Returns whether the entry's directory was changed.</summary>
    private bool Visit(DirectoryHandle parent, byte[] name, Optimisation result, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (parent.FindStatus(name) is not FileStatus status)
        {
            // It was removed meanwhile.
            return false;
        }

        if (status.Type == FileType.Directory)
        {
            VisitDirectory(parent, name, status, result, cancellationToken);
            return false;
        }

        if (status.Type == FileType.Regular && status.IsOwnerWritable)
        {
            result.Warnings.Add($"skipping suspicious writable file '{parent.Describe(name)}'");
            return false;
        }

        return status.Type is FileType.Regular or FileType.SymbolicLink
            && !(status.Links > 1 && known.Contains(status.Inode))
            && TryReplace(parent, name, status, result, cancellationToken);
    }

    private void VisitDirectory(
        DirectoryHandle parent, byte[] name, FileStatus status, Optimisation result, CancellationToken cancellationToken)
    {
        using DirectoryHandle directory = parent.OpenDirectory(name);
        bool changed = false;
        try
        {
            foreach (byte[] entry in directory.List())
            {
                changed |= Visit(directory, entry, result, cancellationToken);
            }
        }
        finally
        {
            if (changed)
            {
                directory.ChangeMode(status.Permissions);
                parent.SetModified(name, (nint)status.Modified.Seconds);
            }
        }
    }

    private bool TryReplace(DirectoryHandle parent, byte[] name, FileStatus status, Optimisation result, CancellationToken cancellationToken)
    {
        if (FileHash.Find(parent, name, cancellationToken) is not NarHash hash)
        {
            return false;
        }

        byte[] linkName = LinksDirectory.NameOf(hash);
        RemoveDamaged(linkName, hash, status, result, cancellationToken);
        if (!TryAdd(parent, name, linkName, status, result)
            || links.Handle.FindStatus(linkName) is not FileStatus link
            || link.Inode == status.Inode)
        {
            return false;
        }

        // Directories in the store are read-only, even for their owner. The store directory itself is not.
        bool isInside = parent != links.Store;
        if (isInside)
        {
            parent.ChangeMode(FileStatus.Of(parent.Handle, parent.Path).Permissions | 0b010_000_000);
        }

        if (TryMove(linkName, parent, name, status, result))
        {
            known.Add(link.Inode);
            result.Linked.Add(new LinkedFile((ulong)status.Size, status.Blocks));
        }

        return isInside;
    }

    private void RemoveDamaged(byte[] linkName, NarHash hash, FileStatus status, Optimisation result, CancellationToken cancellationToken)
    {
        if (links.Handle.FindStatus(linkName) is not FileStatus link || link.Inode == status.Inode || _whole.Contains(link.Inode))
        {
            return;
        }

        // There is no hash if a garbage collector has removed the link.
        if (link.Size == status.Size && (FileHash.Find(links.Handle, linkName, cancellationToken) ?? hash) == hash)
        {
            _whole.Add(link.Inode);
            return;
        }

        result.Warnings.Add(
            $"removing corrupted link '{links.Handle.Describe(linkName)}'; there may be more corrupted paths: "
            + "run 'nix-store --verify --check-contents' to find them");
        links.Handle.Unlink(linkName);
    }

    /// <summary>Adds the file to <c>.links</c> unless an equal file is there. False if the file system does not allow it.</summary>
    private bool TryAdd(DirectoryHandle parent, byte[] name, byte[] linkName, FileStatus status, Optimisation result)
    {
        if (links.Handle.FindStatus(linkName) is not null)
        {
            return true;
        }

        try
        {
            parent.Link(name, links.Handle, linkName);
            known.Add(status.Inode);
            _whole.Add(status.Inode);
            return true;
        }
        catch (SystemCallException exception) when (exception.ErrorNumber == Errno.Exists)
        {
            return true;
        }
        catch (SystemCallException exception) when (exception.ErrorNumber is Errno.NoSpace or Errno.QuotaExceeded or Errno.TooManyNames)
        {
            // On ext4 this may mean that the directory is full.
            result.Remarks.Add($"cannot link '{links.Handle.Describe(linkName)}' to '{parent.Describe(name)}': {exception.Message}");
            return false;
        }
    }

    private bool TryMove(byte[] linkName, DirectoryHandle parent, byte[] name, FileStatus status, Optimisation result)
    {
        byte[] temporary = Encoding.ASCII.GetBytes($".tmp-link-{Environment.ProcessId}-{Interlocked.Increment(ref _last)}");
        try
        {
            links.Store.Unlink(temporary);
            links.Handle.Link(linkName, links.Store, temporary);
            links.Store.Move(temporary, parent, name);

            // rename(2) keeps both names if they are the same file already, because another process has linked it meanwhile.
            links.Store.Unlink(temporary);
            return true;
        }
        catch (SystemCallException exception) when (exception.ErrorNumber is Errno.TooManyNames or Errno.NoEntry)
        {
            // Either the file has the maximum number of links, which empty files reach first, or a garbage collector has removed the link.
            links.Store.Unlink(temporary);
            if (exception.ErrorNumber == Errno.TooManyNames && status.Size > 0)
            {
                result.Remarks.Add($"'{links.Handle.Describe(linkName)}' has maximum number of links");
            }

            return false;
        }
    }
}
