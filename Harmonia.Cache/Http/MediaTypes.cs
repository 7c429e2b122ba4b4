using Microsoft.AspNetCore.StaticFiles;

namespace Harmonia.Cache.Http;

/// <summary>The media type of a file by its extension, and whether a browser shows such a file or saves it.</summary>
public static class MediaTypes
{
    /// <summary>Of a file whose extension says nothing.</summary>
    public const string Unknown = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider ByExtension = new(Extensions());

    /// <summary>With the charset for text, which in a store is UTF-8 if anything.</summary>
    public static string Of(string fileName)
    {
        if (!ByExtension.TryGetContentType(fileName, out string? type))
            return Unknown;
        return type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
    }

    /// <summary>The choice of harmonia (Rust).</summary>
    public static bool IsShown(string type) =>
        type.StartsWith("image/", StringComparison.Ordinal) || type.StartsWith("text/", StringComparison.Ordinal)
        || type.StartsWith("audio/", StringComparison.Ordinal) || type.StartsWith("video/", StringComparison.Ordinal)
        || type is "application/javascript" or "application/json" or "application/wasm" or "application/xhtml+xml";

    /// <summary>Whether such files are text, which compresses well.</summary>
    public static bool IsText(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal)
        || type.EndsWith("+json", StringComparison.Ordinal)
        || type is "application/javascript" or "application/json" or "application/xml";

    private static Dictionary<string, string> Extensions()
    {
        Dictionary<string, string> types = new(new FileExtensionContentTypeProvider().Mappings, StringComparer.OrdinalIgnoreCase)
        {
            // A video in that table. In a store it is TypeScript.
            [".ts"] = "text/plain",
            [".mjs"] = "text/javascript",
            [".xhtml"] = "application/xhtml+xml",
            [".md"] = "text/markdown",
        };
        // An SVG only after it is decompressed, which the response would not tell a browser.
        types.Remove(".svgz");
        foreach (string extension in (string[])[".conf", ".diff", ".log", ".nix", ".patch", ".pc", ".rst", ".toml", ".yaml", ".yml"])
            types[extension] = "text/plain";
        return types;
    }
}
