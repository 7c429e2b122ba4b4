namespace Harmonia.Protocol.Store;

/// <summary>Lists with the order and uniqueness Nix's sets have when they are written.</summary>
internal static class AscendingSet
{
    /// <summary>The values in ascending order, each once; the same list when it is so already.</summary>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> values, IComparer<T> comparer)
    {
        for (int i = 1; i < values.Count; i++)
        {
            if (comparer.Compare(values[i - 1], values[i]) >= 0)
            {
                return [.. new SortedSet<T>(values, comparer)];
            }
        }

        return values;
    }
}
