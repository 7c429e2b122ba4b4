using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// The sorted names in the directories between a root and the current entry of a walk. It is a stack of lists in two arrays, so a
/// directory needs no allocation of its own.
/// </summary>
internal sealed class DirectoryNames : IComparer<DirectoryName>
{
    // struct linux_dirent64: u64 inode · s64 offset · u16 record length · u8 type · name and NUL
    private const int RecordLengthOffset = 16;
    private const int TypeOffset = 18;
    private const int NameOffset = 19;

    private DirectoryName[] _entries = new DirectoryName[32];
    private byte[] _bytes = new byte[1024];

    /// <summary>The number of entries in all lists of the stack.</summary>
    public int Count { get; private set; }

    /// <summary>The number of bytes of their names.</summary>
    public int ByteCount { get; private set; }

    public DirectoryName this[int index] => _entries[index];

    /// <summary>A name with the NUL that libc expects; valid until the next <see cref="Push"/>.</summary>
    public ReadOnlySpan<byte> Terminated(DirectoryName entry) => _bytes.AsSpan(entry.Offset, entry.Length + 1);

    /// <summary>Adds the sorted list of a directory, from the old <see cref="Count"/> to the new; returns 0 or a negative errno.</summary>
    [SkipLocalsInit]
    public int Push(SafeFileHandle directory)
    {
        // On the stack. With a buffer on the heap, indexing a tree of two directories takes 12.0 µs instead of 8.4.
        Span<byte> records = stackalloc byte[16 * 1024];
        int first = Count;
        int length;
        while ((length = LibcFiles.ReadDirectory(directory, records)) > 0)
            Add(records[..length]);

        _entries.AsSpan(first, Count - first).Sort(this);
        return length;
    }

    /// <summary>Removes the last list, with the counts from before it was added.</summary>
    public void Pop(int count, int byteCount) => (Count, ByteCount) = (count, byteCount);

    /// <summary>Compares bytes, without a culture and without UTF-16.</summary>
    int IComparer<DirectoryName>.Compare(DirectoryName x, DirectoryName y) =>
        _bytes.AsSpan(x.Offset, x.Length).SequenceCompareTo(_bytes.AsSpan(y.Offset, y.Length));

    private void Add(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
        {
            ushort recordLength = MemoryMarshal.Read<ushort>(records[RecordLengthOffset..]);
            ReadOnlySpan<byte> name = records[NameOffset..recordLength];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                Add(name, (FileType)records[TypeOffset]);
            records = records[recordLength..];
        }
    }

    private void Add(ReadOnlySpan<byte> name, FileType type)
    {
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        if (_bytes.Length - ByteCount <= name.Length)
            Array.Resize(ref _bytes, checked(_bytes.Length * 2));
        _entries[Count++] = new DirectoryName(ByteCount, (ushort)name.Length, type);
        name.CopyTo(_bytes.AsSpan(ByteCount));
        ByteCount += name.Length;
        _bytes[ByteCount++] = 0;
    }
}
