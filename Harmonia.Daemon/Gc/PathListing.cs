using System.Collections;
using System.Text;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Absolute paths in ascending order: many of valid paths, of which each is made when it is read, and some others. So a list of a whole store
/// takes four bytes for each path, besides their names.
/// </summary>
internal sealed class PathListing : IReadOnlyList<string>
{
    private readonly PathNames _names;
    private readonly string _prefix;
    private readonly int[] _places;
    private readonly string[] _others;

    // Where the others are in the list.
    private readonly int[] _positions;

    /// <param name="names">The names of the valid paths.</param>
    /// <param name="directory">Their directory.</param>
    /// <param name="places">The indices of the names in the list, ascending.</param>
    /// <param name="others">Other paths in any order.</param>
    public PathListing(PathNames names, StoreDirectory directory, int[] places, IEnumerable<string> others)
    {
        _names = names;
        _prefix = directory.Path + "/";
        _places = places;
        _others = [.. others.Order(StringComparer.Ordinal)];
        _positions = new int[_others.Length];
        for (int n = 0; n < _others.Length; n++)
        {
            _positions[n] = n + CountBefore(_others[n]);
        }
    }

    public int Count => _places.Length + _others.Length;

    public string this[int index]
    {
        get
        {
            int before = Array.BinarySearch(_positions, index);
            return before >= 0 ? _others[before] : ValidAt(index - ~before);
        }
    }

    public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string ValidAt(int n) => string.Concat(_prefix, Encoding.ASCII.GetString(_names[_places[n]]));

    private int CountBefore(string other)
    {
        int first = 0;
        int end = _places.Length;
        while (first < end)
        {
            int middle = (first + end) >>> 1;
            if (string.CompareOrdinal(ValidAt(middle), other) < 0)
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
}
