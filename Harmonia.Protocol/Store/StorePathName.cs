using System.Buffers;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// The rule for the name after the hash part of a store path. Output names follow it too. Nix: src/libstore/path.cc, checkName.
/// </summary>
public static class StorePathName
{
    /// <summary>The maximum length in characters. It leaves room for hash part, dash and a suffix in a file name of 255 bytes.</summary>
    public const int MaxLength = 211;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-._?=");

    /// <summary>Whether the text may be a name.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) => FindFault(name) is null;

    /// <summary>Throws if the text may not be a name.</summary>
    /// <exception cref="FormatException">It may not be one. The message gives the reason.</exception>
    public static void Check(ReadOnlySpan<char> name)
    {
        if (FindFault(name) is string fault)
        {
            throw new FormatException($"Name {Excerpt.Of(name)} is not valid: {fault}");
        }
    }

    /// <summary>The reason why the name is not valid, as the end of a sentence; null if it is valid.</summary>
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

        // "." and ".." are names of directories. Names that begin with them and a dash are reserved too.
        if (name is "." or ".." || name.StartsWith(".-") || name.StartsWith("..-"))
        {
            return "the name's part before the first dash must not be '.' or '..'.";
        }

        int illegal = name.IndexOfAnyExcept(Allowed);
        return illegal < 0 ? null : $"the name contains the illegal character {Excerpt.Of(name.Slice(illegal, 1))}.";
    }
}
