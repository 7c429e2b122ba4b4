using System.Security.Cryptography;
using Harmonia.Protocol.Store;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.NarCache;

/// <summary>A file that is being written. Its creator disposes it; its handle stays open as long as a client reads from it.</summary>
internal sealed class TemporaryNar(string path, SafeFileHandle handle) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public string Path => path;

    public SafeFileHandle Handle => handle;

    public long Length { get; private set; }

    /// <exception cref="NotStoredException">The disk is full, or writing fails for another reason.</exception>
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

    /// <summary>Returns the hash of all appended bytes.</summary>
    public NarHash Finish() => NarHash.FromBytes(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
