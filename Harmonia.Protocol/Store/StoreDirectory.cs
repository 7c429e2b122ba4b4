using System.Diagnostics.CodeAnalysis;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// The directory that store paths begin with. Nix: src/libstore/store-dir-config.cc, StoreDirConfig.
/// </summary>
public sealed record StoreDirectory
{
    private StoreDirectory(string path) => Path = path;

    /// <summary>The usual one, <c>/nix/store</c>.</summary>
    public static StoreDirectory Default { get; } = new("/nix/store");

    /// <summary>The absolute, canonical path, without a slash at the end.</summary>
    public string Path { get; }

    /// <summary>Reads an absolute, canonical path other than the root directory.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out StoreDirectory? directory)
    {
        // Nothing that contains NUL could be opened.
        bool parsed = text.Length > 1 && text[0] == '/' && !text.Contains('\0') && text.SequenceEqual(Canonicalise(text));
        directory = parsed ? new(text.ToString()) : null;
        return parsed;
    }

    /// <summary>Reads an absolute, canonical path other than the root directory.</summary>
    /// <exception cref="FormatException">The path is relative, the root, or not canonical.</exception>
    public static StoreDirectory Parse(ReadOnlySpan<char> text) => TryParse(text, out StoreDirectory? directory)
        ? directory
        : throw new FormatException(
            $"{Excerpt.Of(text)} is not a store directory: expected an absolute path without '.', '..', '//' or a '/' at the end.");

    /// <summary>The absolute path of a store object.</summary>
    public string Print(StorePath path) => string.Concat(Path, "/", path.BaseName);

    /// <summary>
    /// Reads an absolute path. As in Nix, <c>//</c>, <c>.</c>, <c>..</c> and a slash at the end are resolved in the text only. Then the
    /// parent must be exactly this directory.
    /// </summary>
    public bool TryParsePath(ReadOnlySpan<char> absolute, [NotNullWhen(true)] out StorePath? path) =>
        StorePath.TryParse(StripParent(absolute), out path) || StorePath.TryParse(StripParent(Canonicalise(absolute)), out path);

    /// <summary>Reads an absolute path as <see cref="TryParsePath"/> does.</summary>
    /// <exception cref="FormatException">The path is not directly in this directory, or its last part is not a store path.</exception>
    public StorePath ParsePath(ReadOnlySpan<char> absolute)
    {
        if (TryParsePath(absolute, out StorePath? path))
        {
            return path;
        }

        // Nix's words, so that users find them in a search.
        ReadOnlySpan<char> baseName = StripParent(Canonicalise(absolute));
        return baseName.IsEmpty
            ? throw new FormatException($"path {Excerpt.Of(absolute)} is not in the Nix store")
            : StorePath.Parse(baseName);
    }

    /// <summary>The <see cref="Path"/>.</summary>
    public override string ToString() => Path;

    // Empty if the path is anywhere else.
    private ReadOnlySpan<char> StripParent(ReadOnlySpan<char> canonical) =>
        canonical.Length > Path.Length && canonical[Path.Length] == '/' && canonical.StartsWith(Path)
        && !canonical[(Path.Length + 1)..].Contains('/')
            ? canonical[(Path.Length + 1)..]
            : [];

    // Nix: src/libutil/file-system.cc, canonPath. Empty if the path is not absolute.
    private static ReadOnlySpan<char> Canonicalise(ReadOnlySpan<char> absolute)
    {
        if (!absolute.StartsWith('/'))
        {
            return [];
        }

        char[] result = new char[absolute.Length];
        int length = 0;
        foreach (Range range in absolute.Split('/'))
        {
            ReadOnlySpan<char> component = absolute[range];
            if (component is "..")
            {
                length = Math.Max(0, result.AsSpan(0, length).LastIndexOf('/'));
            }
            else if (component is not ("" or "."))
            {
                result[length++] = '/';
                component.CopyTo(result.AsSpan(length));
                length += component.Length;
            }
        }

        return length == 0 ? "/" : result.AsSpan(0, length);
    }
}
