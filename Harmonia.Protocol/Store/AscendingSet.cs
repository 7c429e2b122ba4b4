namespace Harmonia.Protocol.Store;

/// <summary>Lists that are sorted and without duplicates, as Nix writes its sets.</summary>
internal static class AscendingSet
{
    /// <summary>The values in ascending order, each once; the same list if it is already like this.</summary>
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
