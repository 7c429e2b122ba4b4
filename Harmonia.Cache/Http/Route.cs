using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Http;

/// <summary>What a URL's path asks for, with the hashes in it. Slashes count: nothing is added, removed or normalised.</summary>
public readonly record struct Route(RouteKind Kind)
{
    private const string NarInfoExtension = ".narinfo";
    private const string NarListingExtension = ".ls";
    private const string ServeFolder = "serve";
    private const string LogFolder = "log";
    private const string RealisationFolder = "realisations";
    private const string BuildTraceFolder = "build-trace-v2";
    private const string RealisationExtension = ".doi";
    private const string DerivationExtension = ".drv";

    /// <summary>The hash part of the store path; for a NAR it may stand in the query instead.</summary>
    public StorePathHash? OutHash { get; private init; }

    /// <summary>The hash of the NAR, if the URL of one names it.</summary>
    public NarHash? NarHash { get; private init; }

    /// <summary>The derivation whose log is asked for, if the URL has its name too.</summary>
    public StorePath? Derivation { get; private init; }

    /// <summary>The output, as its id or as the base name of its derivation; not checked.</summary>
    public string? Name { get; private init; }

    /// <summary>With the base name of a derivation, the name of the output; not checked.</summary>
    public string? OutputName { get; private init; }

    /// <summary>Whether the NAR is asked for compressed by zstd.</summary>
    public bool IsZstd { get; private init; }

    /// <summary>What follows the hash of a path whose files are asked for, with its escapes: empty, or from a slash on.</summary>
    public string? InnerPath { get; private init; }

    /// <summary>Reads a path with its escapes. An escaped slash is part of a name and separates nothing.</summary>
    public static Route Parse(ReadOnlySpan<char> path)
    {
        if (path is not ['/', .. ReadOnlySpan<char> rest])
            return default;
        int slash = rest.IndexOf('/');
        if (slash < 0)
            return TryDecode(rest, out ReadOnlySpan<char> name) ? TopLevel(name) : default;
        if (!TryDecode(rest[..slash], out ReadOnlySpan<char> folder))
            return default;
        rest = rest[(slash + 1)..];
        return folder switch
        {
            NarUrl.Folder => TryDecode(rest, out ReadOnlySpan<char> nar) ? Nar(nar) : default,
            ServeFolder => Serve(rest),
            RealisationFolder => TryDecode(rest, out ReadOnlySpan<char> file) ? Realisation(file) : default,
            BuildTraceFolder => BuildTrace(rest),
            LogFolder => TryDecode(rest, out ReadOnlySpan<char> derivation) ? Log(derivation) : default,
            _ => default,
        };
    }

    private static Route TopLevel(ReadOnlySpan<char> name)
    {
        if (name.EndsWith(NarInfoExtension))
            return OfHash(RouteKind.NarInfo, name[..^NarInfoExtension.Length]);
        if (name.EndsWith(NarListingExtension))
            return OfHash(RouteKind.NarListing, name[..^NarListingExtension.Length]);

        return new Route(name switch
        {
            "" => RouteKind.Landing,
            "nix-cache-info" => RouteKind.CacheInfo,
            "version" => RouteKind.Version,
            "health" => RouteKind.Health,
            "ready" => RouteKind.Readiness,
            "metrics" => RouteKind.Metrics,
            _ => RouteKind.Unknown,
        });
    }

    private static Route OfHash(RouteKind kind, ReadOnlySpan<char> text) =>
        StorePathHash.TryParse(text, out StorePathHash hash) ? new Route(kind) { OutHash = hash } : default;

    // "<outhash>", or "<outhash>/" and a path with slashes.
    private static Route Serve(ReadOnlySpan<char> rest)
    {
        int slash = rest.IndexOf('/');
        ReadOnlySpan<char> encodedHash = slash < 0 ? rest : rest[..slash];
        return TryDecode(encodedHash, out ReadOnlySpan<char> text) && StorePathHash.TryParse(text, out StorePathHash hash)
            ? new Route(RouteKind.Serve) { OutHash = hash, InnerPath = slash < 0 ? "" : rest[slash..].ToString() }
            : default;
    }

    // The hash part, or the base name, with or without its extension.
    private static Route Log(ReadOnlySpan<char> text)
    {
        if (text.Length == StorePathHash.Length)
            return OfHash(RouteKind.Log, text);
        if (!text.EndsWith(DerivationExtension))
            text = $"{text}{DerivationExtension}";
        return StorePath.TryParse(text, out StorePath? derivation) ? new Route(RouteKind.Log) { Derivation = derivation } : default;
    }

    // "<id>.doi".
    private static Route Realisation(ReadOnlySpan<char> file) => file.EndsWith(RealisationExtension)
        ? new Route(RouteKind.Realisation) { Name = file[..^RealisationExtension.Length].ToString() }
        : default;

    // "<base name of the derivation>/<output>", or with ".doi" after it.
    private static Route BuildTrace(ReadOnlySpan<char> rest)
    {
        int slash = rest.IndexOf('/');
        if (slash < 0 || !TryDecode(rest[..slash], out ReadOnlySpan<char> derivation) || !TryDecode(rest[(slash + 1)..], out ReadOnlySpan<char> output))
            return default;
        if (output.EndsWith(RealisationExtension))
            output = output[..^RealisationExtension.Length];
        return new Route(RouteKind.BuildTrace) { Name = derivation.ToString(), OutputName = output.ToString() };
    }

    // "<narhash>.nar", "<outhash>.nar" or "<outhash>-<narhash>.nar", this one also with ".zst".
    private static Route Nar(ReadOnlySpan<char> file)
    {
        if (file.EndsWith(NarUrl.ZstdExtension))
        {
            Route plain = Nar(file[..^(NarUrl.ZstdExtension.Length - NarUrl.Extension.Length)]);
            return plain is { OutHash: not null, NarHash: not null } ? plain with { IsZstd = true } : default;
        }

        if (!file.EndsWith(NarUrl.Extension))
            return default;
        ReadOnlySpan<char> stem = file[..^NarUrl.Extension.Length];
        if (stem.Length == StorePathHash.Length)
            return OfHash(RouteKind.Nar, stem);
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
        return stem.Length == NarUrl.NarHashLength && Protocol.Store.NarHash.TryParse(stem, out NarHash narHash)
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
