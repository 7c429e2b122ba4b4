using System.Globalization;
using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Maintenance;

/// <summary>Computes the NAR hashes of files.</summary>
internal static class FileHash
{
    /// <summary>The NAR hash of a directory entry; null if it no longer exists.</summary>
    /// <exception cref="StorageException">The entry cannot be read.</exception>
    public static NarHash? Find(DirectoryHandle directory, ReadOnlySpan<byte> name, CancellationToken cancellationToken)
    {
        // Relative to the open directory: its path may be too long, or lead to another directory by now.
        nint descriptor = directory.Handle.DangerousGetHandle();
        byte[] folder = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}/"));
        Span<byte> hash = stackalloc byte[NarHash.ByteLength];
        try
        {
            _ = NarHasher.HashTree([.. folder, .. name], hash, cancellationToken);
            return NarHash.FromBytes(hash);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException exception)
        {
            throw new StorageException($"{directory.Describe(name)}: {exception.Message}", exception);
        }
    }
}
