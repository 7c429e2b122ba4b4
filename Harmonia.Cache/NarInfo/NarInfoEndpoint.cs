using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.NarCache;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary><c>/&lt;hash&gt;.narinfo</c>: what the store knows of a path, signed; with <c>?json</c> as JSON.</summary>
/// <param name="catalog">Knows the paths, and remembers them with their signatures.</param>
/// <param name="signer">Signs them.</param>
/// <param name="text">Writes narinfos.</param>
/// <param name="known">Learns which path has a NAR.</param>
/// <param name="nars">The compressed NARs; null where none are stored.</param>
/// <param name="statistics">Counts the requests.</param>
/// <param name="sender">Selects and sends responses.</param>
/// <param name="logger">Tells of paths that are not served.</param>
public sealed class NarInfoEndpoint(
    CachingCatalog catalog, NarInfoSigner signer, NarInfoText text, KnownNars known, NarFileCache? nars, CacheStatistics statistics,
    ContentSender sender, ILogger<NarInfoEndpoint> logger)
{
    // Three packets. Compressing costs more than all the rest of a request.
    private const int MinCompressedLength = 4 * 1024;

    private const int MaxRounds = 10;

    private const string LinkHeader = "Nix-Link";

    private static readonly ErrorReply DuplicateJson = ErrorReply.DuplicateParameter("json");
    private static readonly PreparedResponse Missed = PreparedResponse.Of(ErrorReply.MissedHash);
    private static readonly ResponseTemplate Template =
        new(Representing(ContentTypes.NarInfo, BodyKind.Opaque, EntityTag.OfBody(default), length: 0), LinkHeader);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _output;

    /// <summary>Responds at once if all that is needed is in memory. It never waits, and never reads a file.</summary>
    public bool TryRespond(CacheRequest request, [NotNullWhen(true)] out PreparedResponse? response)
    {
        response = null;
        if (request.Route.Parameter is not null || !catalog.TryRecall(request.Route.OutHash.GetValueOrDefault(), out PathRecord record))
            return false;
        if (!record.Exists)
        {
            response = Miss(request);
        }
        else
        {
            StoredNar? stored = null;
            if (record.NarSize > 0 && (nars is null || nars.TryFind(record.NarHash, out stored)))
                response = TryRender(request, record, stored, out _, out _);
        }

        if (response is null)
            return false;
        statistics.Count(LookupOutcome.Hit);
        statistics.NarInfoAnswered(found: record.Exists);
        return true;
    }

    /// <summary>Responds to what <see cref="TryRespond"/> can't, with the help of the daemon. Not for requests with a parameter.</summary>
    public async Task<PreparedResponse> RespondAsync(CacheRequest request)
    {
        StorePathHash hash = request.Route.OutHash.GetValueOrDefault();
        if (catalog.TryRecall(hash, out _))
        {
            // To compress it, or to note in a file that a stored NAR is used.
            await PoolThread.SwitchAsync();
            if (TryRespondRecalled(request, hash, out PreparedResponse? recalled))
                return recalled;
        }

        for (int round = 0; round < MaxRounds; round++)
        {
            KnownPath? found = await catalog.LookUpAsync(hash);
            // Null if the keys were replaced meanwhile.
            if (Respond(request, found) is { } response)
                return response;
        }

        return PreparedResponse.Of(ErrorReply.ServiceUnavailable);
    }

    /// <summary>Responds through Kestrel.</summary>
    public async Task RunAsync(HttpContext context, CacheRequest request)
    {
        QueryParameter? json = request.Route.Parameter;
        if (json is { IsDuplicate: true })
            await ContentSender.SendErrorAsync(context, DuplicateJson);
        else if (json is not null)
            await SendJsonAsync(context, request);
        else
            await (await RespondAsync(request)).SendAsync(context);
    }

    private async Task SendJsonAsync(HttpContext context, CacheRequest request)
    {
        ValidPathInfo? path = await catalog.FindAsync(request.Route.OutHash.GetValueOrDefault(), context.RequestAborted);
        bool isServed = IsServed(request, path);
        statistics.NarInfoAnswered(isServed);
        if (!isServed)
        {
            await ContentSender.SendErrorAsync(context, ErrorReply.MissedHash);
            return;
        }

        SignedNarInfo narInfo = signer.Sign(path!);
        known.Add(path!.Info.NarHash, path.Path.Hash);
        ReadOnlyMemory<byte> body = NarInfoJson.Render(nars is null ? narInfo : narInfo.With(nars.Find(path.Info.NarHash)));
        await sender.SendAsync(context, Representing(ContentTypes.Json, BodyKind.Text, EntityTag.OfBody(body.Span), body.Length), body);
    }

    private bool TryRespondRecalled(CacheRequest request, StorePathHash hash, [NotNullWhen(true)] out PreparedResponse? response)
    {
        response = null;
        if (!catalog.TryRecall(hash, out PathRecord record) || !record.Exists || record.NarSize == 0)
            return false;
        // The record stays valid: nothing on this thread recalls another one meanwhile.
        response = Render(request, record, nars?.Find(record.NarHash));
        if (response is null)
            return false;
        statistics.Count(LookupOutcome.Hit);
        statistics.NarInfoAnswered(found: true);
        return true;
    }

    private PreparedResponse? Respond(CacheRequest request, KnownPath? found)
    {
        PreparedResponse? response;
        bool isServed = IsServed(request, found?.Path);
        if (isServed)
        {
            ValidPathInfo path = found!.Path;
            known.Add(path.Info.NarHash, path.Path.Hash);
            response = Render(request, found.Record, nars?.Find(path.Info.NarHash));
        }
        else
        {
            response = Missed;
        }

        if (response is not null)
            statistics.NarInfoAnswered(isServed);
        return response;
    }

    private bool IsServed(CacheRequest request, ValidPathInfo? path)
    {
        if (path is null)
            Miss(request);
        else if (path.Info.NarSize == 0)
            // A client takes a narinfo without a size for a corrupt one, and its fingerprint cannot be signed.
            logger.NarSizeUnknown(path.Path.BaseName, request.Id);
        return path is { Info.NarSize: > 0 };
    }

    private PreparedResponse Miss(CacheRequest request)
    {
        if (logger.IsEnabled(LogLevel.Debug))
            logger.HashUnknown(request.Target, request.Id);
        return Missed;
    }

    // Null if other keys have signed it.
    private PreparedResponse? Render(CacheRequest request, PathRecord record, StoredNar? stored) =>
        TryRender(request, record, stored, out byte[]? uncompressed, out Selection selection)
        ?? (uncompressed is null ? null : sender.Compress(request.Headers, selection, uncompressed));

    // Null if other keys have signed it, or if it is to be compressed, which takes a while.
    private PreparedResponse? TryRender(
        CacheRequest request, PathRecord record, StoredNar? stored, out byte[]? uncompressed, out Selection selection)
    {
        (uncompressed, selection) = (null, default);
        SigningKeys keys = signer.Current;
        if (!keys.Made(record.Attachment))
            return null;
        ArrayBufferWriter<byte> output = _output ??= new ArrayBufferWriter<byte>(MinCompressedLength);
        output.ResetWrittenCount();
        Range url = text.Write(output, record, keys, stored);
        byte[] body = output.WrittenSpan.ToArray();
        Span<byte> digest = stackalloc byte[EntityTag.DigestLength];
        // With stored NARs the text depends on them.
        if (nars is null)
            SigningKeys.DigestIn(record.Attachment).CopyTo(digest);
        else
            EntityTag.Digest(body, digest);
        // Most requests.
        if (body.Length < MinCompressedLength && request.Headers.SelectWhole)
            return PreparedResponse.Of(Template, digest, body.AsSpan()[url], body);

        BodyKind kind = body.Length < MinCompressedLength ? BodyKind.Opaque : BodyKind.Text;
        Representation representation = Representing(ContentTypes.NarInfo, kind, EntityTag.OfDigest(digest), body.Length) with
        {
            Others = [new HeaderLine(LinkHeader, Encoding.ASCII.GetString(body.AsSpan()[url]))],
        };
        selection = Selection.Of(request.Headers, representation);
        if (selection.Result != SelectionResult.Whole || selection.Coding == ContentCoding.Identity)
            return PreparedResponse.Of(selection, body);
        uncompressed = body;
        return null;
    }

    private static Representation Representing(string contentType, BodyKind kind, EntityTag tag, int length) => new()
    {
        ContentType = contentType,
        Kind = kind,
        // The signatures are in the body and not in the NAR's hash, so the tag is of the body.
        Tag = tag,
        CacheControl = CachePolicy.NarInfo,
        Size = length,
    };
}
