using System.Buffers;
using System.Security.Cryptography;
using Harmonia.Protocol.Interop;

namespace Harmonia.Protocol.Nar;

/// <summary>Computes the SHA-256 hash and the size of a NAR from its bytes, piece by piece. The owner disposes it.</summary>
public sealed class NarHasher : IDisposable
{
    /// <summary>The length of a hash in bytes.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    private const int TreeBufferLength = 256 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The number of bytes so far.</summary>
    public long Size { get; private set; }

    /// <summary>Hashes a tree, given by a path of raw bytes; returns the size of its NAR. Blocks.</summary>
    /// <param name="rootPath">A file of any kind that a NAR can contain.</param>
    /// <param name="hash">Receives <see cref="HashLength"/> bytes.</param>
    /// <param name="cancellationToken">Stops between two pieces of 256 KiB.</param>
    /// <exception cref="ArgumentException">The path is empty or has a NUL, or <paramref name="hash"/> is too short.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at this path.</exception>
    /// <exception cref="NarTreeException">The tree contains something that a NAR cannot contain, or it changed.</exception>
    /// <exception cref="SystemCallException">The operating system refused to read.</exception>
    public static long HashTree(ReadOnlySpan<byte> rootPath, Span<byte> hash, CancellationToken cancellationToken)
    {
        using NarTreeReader reader = new(rootPath);
        using NarHasher hasher = new();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(TreeBufferLength);
        int length;
        while ((length = reader.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hasher.Append(buffer.AsSpan(0, length));
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return hasher.Finish(hash);
    }

    /// <summary>Hashes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        _hash.AppendData(data);
        Size += data.Length;
    }

    /// <summary>Writes the hash of all bytes so far (<see cref="HashLength"/> bytes), returns the size and starts again.</summary>
    /// <exception cref="ArgumentException"><paramref name="hash"/> is too short.</exception>
    public long Finish(Span<byte> hash)
    {
        _hash.GetHashAndReset(hash);
        long size = Size;
        Size = 0;
        return size;
    }

    /// <summary>Frees the hash's state.</summary>
    public void Dispose() => _hash.Dispose();
}
