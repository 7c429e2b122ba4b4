using Harmonia.Cache.Http;
using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Endpoints;

/// <summary>What a URL's path asks for, with the hashes in it. Slashes count: nothing is added, removed or normalised.</summary>
public readonly record struct Route(RouteKind Kind)
{
    private const string NarInfoExtension = ".narinfo";

    /// <summary>The hash part of the store path; for a NAR it may stand in the query instead.</summary>
    public StorePathHash? OutHash { get; private init; }

    /// <summary>The hash of the NAR.</summary>
    public NarHash NarHash { get; private init; }

    /// <summary>Reads a path with its escapes. An escaped slash is part of a name and separates nothing.</summary>
    public static Route Parse(ReadOnlySpan<char> path)
    {
        if (path is not ['/', .. ReadOnlySpan<char> rest])
            return default;
        int slash = rest.IndexOf('/');
        if (slash < 0)
            return TryDecode(rest, out ReadOnlySpan<char> name) ? TopLevel(name) : default;
        return TryDecode(rest[..slash], out ReadOnlySpan<char> folder) && folder is NarUrl.Folder
            && TryDecode(rest[(slash + 1)..], out ReadOnlySpan<char> file)
                ? Nar(file)
                : default;
    }

    private static Route TopLevel(ReadOnlySpan<char> name)
    {
        if (name.EndsWith(NarInfoExtension))
        {
            return StorePathHash.TryParse(name[..^NarInfoExtension.Length], out StorePathHash hash)
                ? new Route(RouteKind.NarInfo) { OutHash = hash }
                : default;
        }

        return new Route(name switch
        {
            "nix-cache-info" => RouteKind.CacheInfo,
            "version" => RouteKind.Version,
            "health" => RouteKind.Health,
            "ready" => RouteKind.Readiness,
            "metrics" => RouteKind.Metrics,
            _ => RouteKind.Unknown,
        });
    }

    // "<narhash>.nar", or "<outhash>-<narhash>.nar".
    private static Route Nar(ReadOnlySpan<char> file)
    {
        if (!file.EndsWith(NarUrl.Extension))
            return default;
        ReadOnlySpan<char> stem = file[..^NarUrl.Extension.Length];
        StorePathHash? outHash = null;
        if (stem.Length > NarUrl.NarHashLength)
        {
            int dash = stem.Length - NarUrl.NarHashLength - 1;
            if (stem[dash] != '-' || !StorePathHash.TryParse(stem[..dash], out StorePathHash hash))
                return default;
            outHash = hash;
            stem = stem[(dash + 1)..];
        }

        // The other spellings of a hash have other lengths.
        return stem.Length == NarUrl.NarHashLength && NarHash.TryParse(stem, out NarHash narHash)
            ? new Route(RouteKind.Nar) { OutHash = outHash, NarHash = narHash }
            : default;
    }

    private static bool TryDecode(ReadOnlySpan<char> segment, out ReadOnlySpan<char> decoded)
    {
        decoded = segment;
        if (!segment.Contains('%'))
            return true;
        bool valid = PercentEncoding.TryDecode(segment, plusIsBlank: false, out string? text);
        decoded = text;
        return valid;
    }
}
