using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Http;

/// <summary>
/// What the target of a request asks for, with the hashes in it. Slashes count: nothing is added, removed or normalised. A target is
/// parsed once, before anything else is done with its request.
/// </summary>
public readonly record struct Route(RouteKind Kind)
{
    private const string DerivationExtension = ".drv";

    // The longest URL of ours has 125 characters.
    private const int ShortTarget = 256;

    private static ReadOnlySpan<byte> NarInfoExtension => ".narinfo"u8;

    private static ReadOnlySpan<byte> NarListingExtension => ".ls"u8;

    private static ReadOnlySpan<byte> NarExtension => ".nar"u8;

    private static ReadOnlySpan<byte> ZstdNarExtension => ".nar.zst"u8;

    private static ReadOnlySpan<byte> RealisationExtension => ".doi"u8;

    /// <summary>Whether it is a NAR, however the URL names it.</summary>
    public bool IsNar => Kind is RouteKind.Nar or RouteKind.NarOfNarHash or RouteKind.NarOfOutHash or RouteKind.ZstdNar;

    /// <summary>The hash part of the store path; for a NAR it may stand in the query instead.</summary>
    public StorePathHash? OutHash { get; private init; }

    /// <summary>The hash of the NAR, if the URL of one names it.</summary>
    public NarHash? NarHash { get; private init; }

    /// <summary>The derivation whose log is asked for, if the URL has its name too.</summary>
    public StorePath? Derivation { get; private init; }

    /// <summary>
    /// The output, as its id or as the base name of its derivation, not checked; or the base name of the path, if the URL has more of it
    /// than its hash part.
    /// </summary>
    public string? Name { get; private init; }

    /// <summary>With the base name of a derivation, the name of the output; not checked.</summary>
    public string? OutputName { get; private init; }

    /// <summary>What follows the hash of a path whose files are asked for; null when it can be the name of nothing.</summary>
    public InnerPath? InnerPath { get; private init; }

    /// <summary>
    /// The one parameter that the query of such a URL may have: <c>json</c> of a narinfo, <c>hash</c> of a NAR, <c>q</c> of a search. Null if
    /// it is not there.
    /// </summary>
    public QueryParameter? Parameter { get; private init; }

    /// <summary>Reads a target as text, which is how Kestrel keeps it.</summary>
    public static Route Parse(string target)
    {
        int length = Encoding.UTF8.GetMaxByteCount(target.Length);
        Span<byte> bytes = length <= ShortTarget ? stackalloc byte[ShortTarget] : new byte[length];
        return Parse(bytes[..Encoding.UTF8.GetBytes(target, bytes)]);
    }

    /// <summary>
    /// Reads a target with its escapes, as it came: in origin-form, or in absolute-form, which servers must accept too (RFC 9112, section
    /// 3.2). An escaped slash is part of a name and separates nothing.
    /// </summary>
    public static Route Parse(ReadOnlySpan<byte> target)
    {
        if (target is not [(byte)'/', ..])
        {
            int scheme = target.IndexOf("://"u8);
            if (scheme < 0)
                return default;
            ReadOnlySpan<byte> authority = target[(scheme + 3)..];
            int end = authority.IndexOfAny((byte)'/', (byte)'?');
            target = end < 0 ? [] : authority[end..];
        }

        int mark = target.IndexOf((byte)'?');
        if (mark < 0)
            return OfPath(target);
        Route route = OfPath(target[..mark]);
        ReadOnlySpan<byte> query = target[(mark + 1)..];
        return route.Kind switch
        {
            RouteKind.NarInfo => route with { Parameter = QueryParameter.Find(query, "json"u8) },
            RouteKind.PathSearch => route with { Parameter = QueryParameter.Find(query, "q"u8) },
            _ when route.IsNar => route with { Parameter = QueryParameter.Find(query, "hash"u8) },
            _ => route,
        };
    }

    // Empty in a target that ends with its authority; else it begins with a slash.
    private static Route OfPath(ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> rest = path.IsEmpty ? path : path[1..];
        int slash = rest.IndexOf((byte)'/');
        if (slash < 0)
            return TryDecode(rest, out ReadOnlySpan<byte> name) ? TopLevel(name) : default;
        if (!TryDecode(rest[..slash], out ReadOnlySpan<byte> folder))
            return default;
        rest = rest[(slash + 1)..];
        if (folder.SequenceEqual("nar"u8))
            return TryDecode(rest, out ReadOnlySpan<byte> nar) ? Nar(nar) : default;
        if (folder.SequenceEqual("serve"u8))
            return Serve(rest);
        if (folder.SequenceEqual("path"u8))
            return OfPathName(RouteKind.PathPage, rest);
        if (folder.SequenceEqual("log"u8))
            return TryDecode(rest, out ReadOnlySpan<byte> derivation) ? Log(derivation) : default;
        if (folder.SequenceEqual("realisations"u8))
            return TryDecode(rest, out ReadOnlySpan<byte> file) ? Realisation(file) : default;
        return folder.SequenceEqual("build-trace-v2"u8) ? BuildTrace(rest) : default;
    }

    private static Route TopLevel(ReadOnlySpan<byte> name)
    {
        if (name.EndsWith(NarInfoExtension))
            return OfHash(RouteKind.NarInfo, name[..^NarInfoExtension.Length]);
        if (name.EndsWith(NarListingExtension))
            return OfHash(RouteKind.NarListing, name[..^NarListingExtension.Length]);
        if (name.IsEmpty)
            return new Route(RouteKind.Landing);
        if (name.SequenceEqual("nix-cache-info"u8))
            return new Route(RouteKind.CacheInfo);
        if (name.SequenceEqual("version"u8))
            return new Route(RouteKind.Version);
        if (name.SequenceEqual("health"u8))
            return new Route(RouteKind.Health);
        if (name.SequenceEqual("ready"u8))
            return new Route(RouteKind.Readiness);
        if (name.SequenceEqual("path"u8))
            return new Route(RouteKind.PathSearch);
        if (name.SequenceEqual("favicon.svg"u8) || name.SequenceEqual("favicon.ico"u8))
            return new Route(RouteKind.Favicon);
        return name.SequenceEqual("metrics"u8) ? new Route(RouteKind.Metrics) : default;
    }

    private static Route OfHash(RouteKind kind, ReadOnlySpan<byte> text) =>
        TryReadHash(text, out StorePathHash hash) ? new Route(kind) { OutHash = hash } : default;

    // "<outhash>" or a base name; then nothing, or a path that begins with a slash.
    private static Route Serve(ReadOnlySpan<byte> rest)
    {
        int slash = rest.IndexOf((byte)'/');
        Route route = OfPathName(RouteKind.Serve, slash < 0 ? rest : rest[..slash]);
        return route.Kind == RouteKind.Unknown ? default : route with { InnerPath = Http.InnerPath.Parse(slash < 0 ? [] : rest[slash..]) };
    }

    // "<outhash>", or the base name of a path.
    private static Route OfPathName(RouteKind kind, ReadOnlySpan<byte> encoded)
    {
        if (!TryDecode(encoded, out ReadOnlySpan<byte> text))
            return default;
        if (text.Length <= StorePathHash.Length)
            return OfHash(kind, text);
        return StorePath.TryParse(Encoding.UTF8.GetString(text), out StorePath? path)
            ? new Route(kind) { OutHash = path.Hash, Name = path.BaseName }
            : default;
    }

    // The hash part, or the base name, with or without its extension.
    private static Route Log(ReadOnlySpan<byte> name)
    {
        if (name.Length == StorePathHash.Length)
            return OfHash(RouteKind.Log, name);
        string text = Encoding.UTF8.GetString(name);
        if (!text.EndsWith(DerivationExtension, StringComparison.Ordinal))
            text += DerivationExtension;
        return StorePath.TryParse(text, out StorePath? derivation) ? new Route(RouteKind.Log) { Derivation = derivation } : default;
    }

    // "<id>.doi".
    private static Route Realisation(ReadOnlySpan<byte> file) => file.EndsWith(RealisationExtension)
        ? new Route(RouteKind.Realisation) { Name = Encoding.UTF8.GetString(file[..^RealisationExtension.Length]) }
        : default;

    // "<base name of the derivation>/<output>", or with ".doi" after it.
    private static Route BuildTrace(ReadOnlySpan<byte> rest)
    {
        int slash = rest.IndexOf((byte)'/');
        if (slash < 0 || !TryDecode(rest[..slash], out ReadOnlySpan<byte> derivation) || !TryDecode(rest[(slash + 1)..], out ReadOnlySpan<byte> output))
            return default;
        if (output.EndsWith(RealisationExtension))
            output = output[..^RealisationExtension.Length];
        return new Route(RouteKind.BuildTrace) { Name = Encoding.UTF8.GetString(derivation), OutputName = Encoding.UTF8.GetString(output) };
    }

    // "<narhash>.nar", "<outhash>.nar" or "<outhash>-<narhash>.nar", this one also with ".zst".
    private static Route Nar(ReadOnlySpan<byte> file)
    {
        bool isZstd = file.EndsWith(ZstdNarExtension);
        if (!isZstd && !file.EndsWith(NarExtension))
            return default;
        ReadOnlySpan<byte> stem = file[..^(isZstd ? ZstdNarExtension : NarExtension).Length];
        if (stem.Length == StorePathHash.Length)
            return isZstd ? default : OfHash(RouteKind.NarOfOutHash, stem);
        if (stem.Length == NarUrl.NarHashLength)
            return !isZstd && TryReadHash(stem, out NarHash only) ? new Route(RouteKind.NarOfNarHash) { NarHash = only } : default;
        int dash = StorePathHash.Length;
        return stem.Length > dash && stem[dash] == '-'
            && TryReadHash(stem[..dash], out StorePathHash outHash) && TryReadHash(stem[(dash + 1)..], out NarHash narHash)
            ? new Route(isZstd ? RouteKind.ZstdNar : RouteKind.Nar) { OutHash = outHash, NarHash = narHash }
            : default;
    }

    private static bool TryReadHash(ReadOnlySpan<byte> digits, out StorePathHash hash)
    {
        hash = default;
        Span<char> text = stackalloc char[StorePathHash.Length];
        return digits.Length == text.Length && Ascii.ToUtf16(digits, text, out _) == OperationStatus.Done && StorePathHash.TryParse(text, out hash);
    }

    // The other spellings of a hash have other lengths.
    private static bool TryReadHash(ReadOnlySpan<byte> digits, out NarHash hash)
    {
        hash = default;
        Span<char> text = stackalloc char[NarUrl.NarHashLength];
        return digits.Length == text.Length && Ascii.ToUtf16(digits, text, out _) == OperationStatus.Done
            && Protocol.Store.NarHash.TryParse(text, out hash);
    }

    private static bool TryDecode(ReadOnlySpan<byte> segment, out ReadOnlySpan<byte> decoded)
    {
        decoded = segment;
        if (!segment.Contains((byte)'%'))
            return true;
        byte[] bytes = new byte[segment.Length];
        bool isValid = PercentEncoding.TryDecode(segment, plusIsBlank: false, bytes, out int length);
        decoded = bytes.AsSpan(0, length);
        return isValid && Utf8.IsValid(decoded);
    }
}
