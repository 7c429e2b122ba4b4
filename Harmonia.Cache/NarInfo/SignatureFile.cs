using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Harmonia.Protocol.Store;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// The signatures of one key in a file: a hash table of a fixed number of buckets, of which those without an entry take no space.
/// Any number of threads may read while one writes. The file is never mapped: if somebody truncates a mapped file, the next access
/// ends the process. It is never synced: what a crash or a loss of power takes or damages is made again.
/// </summary>
internal sealed class SignatureFile : IDisposable
{
    // The head takes the place of a bucket: magic, version, number of buckets, digest of the public key; the rest is unused.
    private const int VersionStart = 12;
    private const int CountStart = 16;
    private const int DigestStart = 24;
    private const int HeadLength = DigestStart + SHA256.HashSizeInBytes;
    private const uint Version = 1;

    /// <summary>The number of characters in the name of a file.</summary>
    public const int NameLength = 2 * SHA256.HashSizeInBytes;

    private readonly FileStream _stream;
    private readonly SafeFileHandle _file;
    private readonly ulong _buckets;
    private readonly SignatureTags _tags;

    /// <summary>Opens a file, and makes it if there is none. A file that does not have the form it should have is emptied.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="key">The key that signed.</param>
    /// <param name="maxSize">Its size in bytes, rounded down to whole buckets, of which it has at least two.</param>
    /// <exception cref="IOException">It cannot be read or written, or another process has it open.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to another user.</exception>
    /// <exception cref="NotSupportedException">It is not a regular file.</exception>
    public SignatureFile(string path, PublicKey key, long maxSize)
    {
        _buckets = (ulong)(maxSize / SignatureBucket.ByteLength) - 1;
        _stream = OpenLocked(path, FileMode.OpenOrCreate);
        _file = _stream.SafeFileHandle;
        try
        {
            (bool isNew, IsRenewed) = Prepare(key);
            _tags = new SignatureTags((long)_buckets, isNew);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>Whether there was a file of another form, whose content is gone.</summary>
    public bool IsRenewed { get; }

    private static ReadOnlySpan<byte> Magic => "harmoniasigs"u8;

    /// <summary>The name of a key's file.</summary>
    public static string NameOf(PublicKey key) => Convert.ToHexStringLower(DigestOf(key));

    /// <summary>Deletes a file, unless it is of another kind.</summary>
    /// <exception cref="IOException">It cannot be read or deleted, or another process has it open.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to another user.</exception>
    /// <exception cref="NotSupportedException">It is not a regular file.</exception>
    public static bool TryDelete(string path)
    {
        using FileStream stream = OpenLocked(path, FileMode.Open);
        Span<byte> magic = stackalloc byte[Magic.Length];
        if (RandomAccess.Read(stream.SafeFileHandle, magic, fileOffset: 0) < magic.Length || !magic.SequenceEqual(Magic))
            return false;
        File.Delete(path);
        return true;
    }

    /// <summary>Reads a signature: one pread(2) of a bucket, or none where the tags tell that there is none.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="signature">Gets its bytes.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public bool TryGet(ReadOnlySpan<byte> id, Span<byte> signature)
    {
        long number = NumberOf(id);
        if (!_tags.MayHave(number, id))
            return false;
        Span<byte> bucket = stackalloc byte[SignatureBucket.ByteLength];
        int read = RandomAccess.Read(_file, bucket, OffsetOf(number));
        return SignatureBucket.TryFind(bucket[..read], id, signature);
    }

    /// <summary>Writes an entry. Where there is no room, an older one goes.</summary>
    /// <exception cref="IOException">The disk is full, or the file cannot be read or written.</exception>
    public void Put(ReadOnlySpan<byte> entry)
    {
        ReadOnlySpan<byte> id = entry[..SignatureBucket.IdLength];
        long number = NumberOf(id);
        int slot = _tags.FreeSlotFor(number, id);
        if (slot < 0)
        {
            Span<byte> bucket = stackalloc byte[SignatureBucket.ByteLength];
            bucket[RandomAccess.Read(_file, bucket, OffsetOf(number))..].Clear();
            slot = SignatureBucket.SlotFor(bucket, id);
            _tags.Learn(number, bucket);
        }

        RandomAccess.Write(_file, entry, OffsetOf(number) + (slot * SignatureBucket.EntryLength));
        _tags.Set(number, slot, id);
    }

    public void Dispose() => _stream.Dispose();

    // Nobody else opens it as long as this process has it open.
    private static FileStream OpenLocked(string path, FileMode mode)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (mode == FileMode.OpenOrCreate)
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static byte[] DigestOf(PublicKey key) => SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString()));

    // The head comes last: without it, the file has no form.
    private (bool IsNew, bool IsRenewed) Prepare(PublicKey key)
    {
        long expected = (long)(_buckets + 1) * SignatureBucket.ByteLength;
        byte[] head = Head(key);
        byte[] found = new byte[HeadLength];
        long length = RandomAccess.GetLength(_file);
        if (length == expected && RandomAccess.Read(_file, found, fileOffset: 0) == HeadLength && found.AsSpan().SequenceEqual(head))
            return (false, false);
        RandomAccess.SetLength(_file, 0);
        RandomAccess.SetLength(_file, expected);
        RandomAccess.Write(_file, head, fileOffset: 0);
        return (true, length > 0);
    }

    private byte[] Head(PublicKey key)
    {
        byte[] head = new byte[HeadLength];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(VersionStart), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(CountStart), _buckets);
        DigestOf(key).CopyTo(head, DigestStart);
        return head;
    }

    private long NumberOf(ReadOnlySpan<byte> id) => (long)(BinaryPrimitives.ReadUInt64LittleEndian(id) % _buckets);

    private static long OffsetOf(long number) => (1 + number) * SignatureBucket.ByteLength;
}
