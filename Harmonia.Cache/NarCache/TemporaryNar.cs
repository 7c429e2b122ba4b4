using System.Security.Cryptography;
using Harmonia.Protocol.Store;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.NarCache;

/// <summary>A file that is being written. Whoever made it disposes it, but its handle lives as long as somebody reads from it.</summary>
internal sealed class TemporaryNar(string path, SafeFileHandle handle) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public string Path => path;

    public SafeFileHandle Handle => handle;

    public long Length { get; private set; }

    /// <exception cref="NotStoredException">The disk is full, or the like.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(handle, bytes, Length);
        }
        catch (IOException exception)
        {
            throw new NotStoredException(exception.Message, exception);
        }

        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    /// <summary>The hash of all that was appended.</summary>
    public NarHash Finish() => NarHash.FromBytes(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
