namespace Harmonia.Protocol.Store;

/// <summary>Lists that are sorted and without duplicates, as Nix writes its sets.</summary>
internal static class AscendingSet
{
    /// <summary>The values in ascending order, each once; the same list if it is already like this.</summary>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> values, IComparer<T> comparer)
    {
        if (values.Count == 0)
        {
            return values;
        }

        T previous = values[0];
        for (int i = 1; i < values.Count; i++)
        {
            // Each is read once: a list may make its values.
            T value = values[i];
            if (comparer.Compare(previous, value) >= 0)
            {
                return [.. new SortedSet<T>(values, comparer)];
            }

            previous = value;
        }

        return values;
    }
}
