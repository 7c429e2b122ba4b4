using System.Buffers;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// The rule for the name behind a store path's hash part; output names obey it too. Nix: src/libstore/path.cc, checkName.
/// </summary>
public static class StorePathName
{
    /// <summary>The longest name, in characters: with hash part and dash it leaves room for suffixes in a file name of 255 bytes.</summary>
    public const int MaxLength = 211;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-._?=");

    /// <summary>Whether the text may be a name.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) => FindFault(name) is null;

    /// <summary>Throws unless the text may be a name.</summary>
    /// <exception cref="FormatException">It may not; the message says why.</exception>
    public static void Check(ReadOnlySpan<char> name)
    {
        if (FindFault(name) is string fault)
        {
            throw new FormatException($"Name {Excerpt.Of(name)} is not valid: {fault}");
        }
    }

    /// <summary>What is wrong with the name, as the end of a sentence; null when nothing is.</summary>
    internal static string? FindFault(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
        {
            return "the name must not be empty.";
        }

        if (name.Length > MaxLength)
        {
            return $"the name has {name.Length} characters, more than the {MaxLength} allowed.";
        }

        // "." and ".." would name directories; followed by a dash they were reserved with them.
        if (name is "." or ".." || name.StartsWith(".-") || name.StartsWith("..-"))
        {
            return "the name's part before the first dash must not be '.' or '..'.";
        }

        int illegal = name.IndexOfAnyExcept(Allowed);
        return illegal < 0 ? null : $"the name contains the illegal character {Excerpt.Of(name.Slice(illegal, 1))}.";
    }
}
