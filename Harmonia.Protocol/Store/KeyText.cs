using System.Diagnostics.CodeAnalysis;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// <c>name:base64</c>, the text of keys and signatures. The name ends at the first colon. Nix: src/libutil/signature/local-keys.cc, Key.
/// </summary>
internal static class KeyText
{
    /// <summary>Reads the name, and as many bytes as fill <paramref name="bytes"/>. Keeps no copy of them.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> bytes, [NotNullWhen(true)] out string? name)
    {
        int colon = text.IndexOf(':');
        bool parsed = colon >= 0 && IsName(text[..colon]) && StrictBase64.TryDecode(text[(colon + 1)..], bytes);
        name = parsed ? text[..colon].ToString() : null;
        return parsed;
    }

    /// <summary>The text with this name and these bytes.</summary>
    public static string Print(string name, ReadOnlySpan<byte> bytes) => $"{name}:{Convert.ToBase64String(bytes)}";

    /// <summary>
    /// Whether the text may name a key. Nix only asks that it is not empty; but signatures are separated by blanks in the database and
    /// end with the line in narinfos.
    /// </summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (char character in name)
        {
            if (character == ':' || char.IsWhiteSpace(character) || char.IsControl(character))
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }
}
