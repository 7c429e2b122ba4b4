namespace Harmonia.Cache.Http;

/// <summary>The media types of the answers.</summary>
public static class ContentTypes
{
    public const string Text = "text/plain; charset=utf-8";

    public const string Html = "text/html; charset=utf-8";

    public const string Svg = "image/svg+xml";

    public const string Json = "application/json";

    public const string CacheInfo = "text/x-nix-cache-info";

    public const string NarInfo = "text/x-nix-narinfo";

    public const string Nar = "application/x-nix-archive";

    public const string Zstd = "application/zstd";
}
