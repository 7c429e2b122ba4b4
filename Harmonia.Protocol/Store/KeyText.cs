using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Store;

/// <summary>
/// <c>name:base64</c>, the text of keys and signatures. The name ends at the first colon. Nix: src/libutil/signature/local-keys.cc, Key.
/// </summary>
internal static class KeyText
{
    /// <summary>Splits the text into the name and the base 64 after it.</summary>
    public static bool TrySplit(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? name, out ReadOnlySpan<char> base64)
    {
        int colon = text.IndexOf(':');
        bool split = colon >= 0 && IsName(text[..colon]);
        name = split ? text[..colon].ToString() : null;
        base64 = split ? text[(colon + 1)..] : default;
        return split;
    }

    /// <summary>The text with this name and these bytes.</summary>
    public static string Print(string name, ReadOnlySpan<byte> bytes) => $"{name}:{Convert.ToBase64String(bytes)}";

    /// <summary>
    /// Whether the text may name a key. For Nix it only must not be empty. But blanks separate signatures in the database, and a line feed
    /// ends them in narinfos.
    /// </summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (char character in name)
        {
            if (character == ':' || char.IsWhiteSpace(character) || char.IsControl(character))
                return false;
        }

        return !name.IsEmpty;
    }
}
