namespace Harmonia.Protocol.Configuration;

/// <summary>Finds the known key that is most like a misspelt one.</summary>
internal static class KeySuggestion
{
    // With one slip in three letters a word is still recognized. With more, a suggestion would mislead.
    private const int LettersPerSlip = 3;

    /// <summary>The nearest candidate, the first of equally near ones, or null if none is near.</summary>
    public static string? Nearest(string key, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int least = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int allowed = Math.Max(key.Length, candidate.Length) / LettersPerSlip;
            if (Math.Abs(key.Length - candidate.Length) > allowed)
            {
                continue;
            }

            int distance = Distance(key.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance <= allowed && distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>
    /// The restricted Damerau-Levenshtein distance. It counts letters that are missing, added, replaced, or swapped with the next one.
    /// </summary>
    public static int Distance(string left, string right)
    {
        int[] beforePrevious = new int[right.Length + 1];
        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        int[] current = new int[right.Length + 1];
        for (int row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (int column = 1; column <= right.Length; column++)
            {
                int replaced = left[row - 1] == right[column - 1] ? 0 : 1;
                int distance = Math.Min(
                    Math.Min(previous[column], current[column - 1]) + 1,
                    previous[column - 1] + replaced);
                bool isSwap = row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
                current[column] = isSwap ? Math.Min(distance, beforePrevious[column - 2] + 1) : distance;
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[right.Length];
    }
}
