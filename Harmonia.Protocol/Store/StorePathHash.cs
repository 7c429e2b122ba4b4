using System.Buffers.Binary;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// The 20 bytes at the beginning of a store path's name, written as 32 digits of Nix's base 32. Sorts like the text.
/// Nix: src/libstore/path.cc, StorePath::hashPart.
/// </summary>
public readonly record struct StorePathHash : IComparable<StorePathHash>
{
    /// <summary>The number of digits.</summary>
    public const int Length = 32;

    /// <summary>The number of bytes.</summary>
    public const int ByteLength = 20;

    // The text begins with the highest bits of the last byte, so it sorts like this number, highest word first.
    private readonly ulong _high;
    private readonly ulong _middle;
    private readonly uint _low;

    private StorePathHash(ReadOnlySpan<byte> bytes)
    {
        _low = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        _middle = BinaryPrimitives.ReadUInt64LittleEndian(bytes[4..]);
        _high = BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]);
    }

    /// <summary>The hash part with these bytes.</summary>
    /// <exception cref="ArgumentException">There are not <see cref="ByteLength"/> of them.</exception>
    public static StorePathHash FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == ByteLength
        ? new(bytes)
        : throw new ArgumentException($"A store path's hash part has {ByteLength} bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>Reads the 32 digits and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out StorePathHash hash)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        bool parsed = NixBase32.TryDecode(text, bytes);
        hash = parsed ? new(bytes) : default;
        return parsed;
    }

    /// <summary>Reads the 32 digits.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static StorePathHash Parse(ReadOnlySpan<char> text) => TryParse(text, out StorePathHash hash)
        ? hash
        : throw new FormatException($"{Excerpt.Of(text)} is not a store path's hash part: expected {Length} digits of Nix's base 32.");

    /// <summary>Writes the 20 bytes to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, _low);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[4..], _middle);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[12..], _high);
    }

    /// <summary>Writes the 32 digits to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    public void Format(Span<char> destination)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        CopyTo(bytes);
        NixBase32.Encode(bytes, destination.Length > Length ? destination[..Length] : destination);
    }

    /// <inheritdoc/>
    public int CompareTo(StorePathHash other)
    {
        int order = _high.CompareTo(other._high);
        if (order == 0)
        {
            order = _middle.CompareTo(other._middle);
        }

        return order != 0 ? order : _low.CompareTo(other._low);
    }

    /// <summary>
    /// Differs in each process. Clients choose hash parts, and must not be able to make them collide in hash tables.
    /// </summary>
    public override int GetHashCode() => HashCode.Combine(_high, _middle, _low);

    /// <summary>The 32 digits.</summary>
    public override string ToString() => string.Create(Length, this, static (text, hash) => hash.Format(text));
}
