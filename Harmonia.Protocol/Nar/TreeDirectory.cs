using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// An open directory. Its entries are opened by name, one at a time. The kernel follows no symbolic link and no <c>..</c> on the way, so
/// the caller decides about every step. The caller disposes it.
/// </summary>
public sealed class TreeDirectory : IDisposable
{
    private const int NameTooLong = 36;

    private readonly SafeFileHandle _handle;
    private readonly byte[] _path;

    private TreeDirectory(int descriptor, byte[] path) => (_handle, _path) = (new SafeFileHandle(descriptor, ownsHandle: true), path);

    internal static TreeDirectory Open(ReadOnlySpan<byte> path)
    {
        byte[] terminated = TreePath.Root(path);
        int result = LibcFiles.Open(LibcFiles.CurrentDirectory, terminated, OpenFlags.Directory | OpenFlags.Path);
        return result < 0 ? throw TreePath.RootFailure("openat", -result, terminated) : new TreeDirectory(result, terminated[..^1]);
    }

    /// <summary>The entry with this name; null if there is none, or if a NAR cannot contain it.</summary>
    /// <exception cref="ArgumentException">The name is empty, a dot or two dots, or contains a slash or a NUL.</exception>
    /// <exception cref="SystemCallException">The operating system refused to open it.</exception>
    public TreeNode? Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || name.ContainsAny((byte)'/', (byte)0))
            throw new ArgumentException($"'{PrintableBytes.Of(name)}' is not the name of an entry.", nameof(name));
        byte[] terminated = [.. name, 0];
        int result = LibcFiles.Status(_handle, terminated, out FileStatus status);
        if (result < 0)
            return NothingOr("statx", -result, name);
        // The opened file may differ from the one whose status was read, but it is never the target of a link, because of O_NOFOLLOW.
        return status.Type switch
        {
            FileType.Regular => FindRegular(terminated),
            FileType.Directory => FindDirectory(terminated),
            FileType.SymbolicLink => ReadTarget(terminated) is { } target ? new TreeNode.Symlink(target) : null,
            _ => null,
        };
    }

    /// <summary>The entries, sorted bytewise by name, without those that have disappeared or that a NAR cannot contain. Blocks.</summary>
    /// <exception cref="SystemCallException">The operating system refused to read the directory.</exception>
    public IReadOnlyList<TreeEntry> List()
    {
        int descriptor = LibcFiles.Open(_handle, ".\0"u8, OpenFlags.Directory);
        if (descriptor < 0)
            throw new SystemCallException("openat", -descriptor, _path);
        using SafeFileHandle handle = new(descriptor, ownsHandle: true);
        DirectoryNames names = new();
        int result = names.Push(handle);
        if (result < 0)
            throw new SystemCallException("getdents64", -result, _path);

        List<TreeEntry> entries = new(names.Count);
        for (int i = 0; i < names.Count; i++)
        {
            if (Entry(names.Terminated(names[i])) is { } entry)
                entries.Add(entry);
        }

        return entries;
    }

    /// <summary>Closes the directory.</summary>
    public void Dispose() => _handle.Dispose();

    private TreeEntry? Entry(ReadOnlySpan<byte> terminated)
    {
        if (LibcFiles.Status(_handle, terminated, out FileStatus status) < 0)
            return null;
        byte[] name = terminated[..^1].ToArray();
        return status.Type switch
        {
            FileType.Regular => new TreeEntry(name, NarNodeKind.Regular, status.Size, default, status.IsOwnerExecutable),
            FileType.Directory => new TreeEntry(name, NarNodeKind.Directory, 0, default),
            FileType.SymbolicLink => ReadTarget(terminated) is { } target ? new TreeEntry(name, NarNodeKind.Symlink, 0, target) : null,
            _ => null,
        };
    }

    private TreeNode? FindRegular(ReadOnlySpan<byte> terminated)
    {
        int result = OpenFile.Open(_handle, terminated, out OpenFile file);
        if (result < 0)
            return NothingOr("openat", -result, terminated[..^1]);
        try
        {
            result = file.Status(out FileStatus status);
            if (result < 0)
                throw Failure("statx", -result, terminated[..^1]);
            return status.Type == FileType.Regular ? new TreeNode.Regular(OpenFile.Keep(ref file), status.Size) : null;
        }
        finally
        {
            file.Dispose();
        }
    }

    private TreeNode? FindDirectory(ReadOnlySpan<byte> terminated)
    {
        int result = LibcFiles.Open(_handle, terminated, OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.Path);
        return result < 0
            ? NothingOr("openat", -result, terminated[..^1])
            : new TreeNode.Directory(new TreeDirectory(result, PathOf(terminated[..^1])));
    }

    private byte[]? ReadTarget(ReadOnlySpan<byte> terminated)
    {
        byte[] target = new byte[NarLimits.TargetLength + 1];
        int result = LibcFiles.ReadLink(_handle, terminated, target);
        return result is > 0 and <= NarLimits.TargetLength ? target[..result] : null;
    }

    private TreeNode? NothingOr(string operation, int error, ReadOnlySpan<byte> name) =>
        error is Errno.NoEntry or Errno.NotDirectory or Errno.TooManySymbolicLinks or Errno.NoDeviceOrAddress or NameTooLong
            ? null
            : throw Failure(operation, error, name);

    private SystemCallException Failure(string operation, int error, ReadOnlySpan<byte> name) => new(operation, error, PathOf(name));

    private byte[] PathOf(ReadOnlySpan<byte> name) => [.. _path, (byte)'/', .. name];
}
