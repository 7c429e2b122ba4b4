using System.Globalization;
using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Maintenance;

/// <summary>The hashes of files as NARs.</summary>
internal static class FileHash
{
    /// <summary>The hash of an entry of a directory; null when it is not there any more.</summary>
    /// <exception cref="StorageException">It can't be read.</exception>
    public static NarHash? Find(DirectoryHandle directory, ReadOnlySpan<byte> name, CancellationToken cancellationToken)
    {
        // Relative to the open directory, however long its own path is, and whatever that leads to by now.
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
