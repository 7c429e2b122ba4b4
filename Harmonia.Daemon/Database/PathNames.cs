using System.Buffers;
using System.Text;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>
/// The base names of many paths in ascending order: their bytes, and five to nine bytes more for each. Names are added in their order, and then
/// found in constant time, because they begin with a hash.
/// </summary>
internal sealed class PathNames
{
    private const int ChunkBits = 20;
    private const int ChunkSize = 1 << ChunkBits;
    private const int MaxPrefix = 4;
    private const int DigitBits = 5;

    private static readonly SearchValues<byte> Digits = SearchValues.Create(Encoding.ASCII.GetBytes(NixBase32.Alphabet));
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-._?="u8);

    // A name is within one chunk: its place is the number of the chunk, and the position there in the lower bits.
    private readonly List<byte[]> _chunks = [];
    private readonly List<int> _places = [];
    private readonly List<byte> _lengths = [];
    private int _used = ChunkSize;

    // With the first digits of a name as a number, the names that begin with them are from _firsts[number] up to, but not including, the next.
    private int[] _firsts = [0, 0];
    private int _prefix;

    public int Count => _places.Count;

    public ReadOnlySpan<byte> this[int index] =>
        _chunks[_places[index] >> ChunkBits].AsSpan(_places[index] & (ChunkSize - 1), _lengths[index]);

    /// <summary>
    /// Whether these bytes are a base name that need not be parsed to know that. Names that are not may be valid too: those whose name part begins
    /// with a dot.
    /// </summary>
    public static bool IsPlain(ReadOnlySpan<byte> name) =>
        name.Length is > StorePathHash.Length + 1 and <= StorePathHash.Length + 1 + StorePathName.MaxLength
        && name[StorePathHash.Length] == '-' && name[StorePathHash.Length + 1] != '.'
        && !name[..StorePathHash.Length].ContainsAnyExcept(Digits) && !name.ContainsAnyExcept(NameBytes);

    /// <summary>Adds a valid name.</summary>
    /// <exception cref="InvalidRowException">It does not sort after the last one.</exception>
    public void Add(ReadOnlySpan<byte> name)
    {
        if (Count > 0 && name.SequenceCompareTo(this[Count - 1]) <= 0)
        {
            throw new InvalidRowException($"The store database has '{Encoding.UTF8.GetString(name)}' in another form, or more than once.", null);
        }

        if (_used + name.Length > ChunkSize)
        {
            _chunks.Add(new byte[ChunkSize]);
            _used = 0;
        }

        name.CopyTo(_chunks[^1].AsSpan(_used));
        _places.Add(checked((_chunks.Count - 1) * ChunkSize) + _used);
        _lengths.Add((byte)name.Length);
        _used += name.Length;
    }

    /// <summary>Ends the additions.</summary>
    public void Complete()
    {
        while (_prefix < MaxPrefix && 1 << (DigitBits * _prefix) < Count)
        {
            _prefix++;
        }

        _firsts = new int[(1 << (DigitBits * _prefix)) + 1];
        for (int index = 0; index < Count; index++)
        {
            _firsts[PrefixOf(this[index]) + 1]++;
        }

        for (int number = 1; number < _firsts.Length; number++)
        {
            _firsts[number] += _firsts[number - 1];
        }
    }

    /// <summary>The index of a valid name; -1 if it was not added.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        int index = FirstFrom(name);
        return index < Count && this[index].SequenceEqual(name) ? index : -1;
    }

    /// <summary>The indices of all names with a hash part.</summary>
    public Range FindAll(StorePathHash hashPart)
    {
        Span<char> digits = stackalloc char[StorePathHash.Length];
        hashPart.Format(digits);
        Span<byte> hash = stackalloc byte[StorePathHash.Length];
        Encoding.ASCII.GetBytes(digits, hash);
        int first = FirstFrom(hash);
        int end = first;
        while (end < Count && this[end].StartsWith(hash))
        {
            end++;
        }

        return first..end;
    }

    /// <summary>The index of the first name that does not sort before this one, or before this beginning of one.</summary>
    private int FirstFrom(ReadOnlySpan<byte> name)
    {
        int prefix = PrefixOf(name);
        int first = _firsts[prefix];
        int end = _firsts[prefix + 1];
        while (first < end)
        {
            int middle = (first + end) >>> 1;
            if (this[middle].SequenceCompareTo(name) < 0)
            {
                first = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        return first;
    }

    // Digits sort like their values.
    private int PrefixOf(ReadOnlySpan<byte> name)
    {
        int number = 0;
        foreach (byte digit in name[.._prefix])
        {
            number = (number << DigitBits) | NixBase32.ValueOf((char)digit);
        }

        return number;
    }
}
