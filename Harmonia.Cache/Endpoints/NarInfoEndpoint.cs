using Harmonia.Cache.Compression;
using Harmonia.Cache.Http;
using Harmonia.Cache.NarInfo;
using Harmonia.Cache.Observability;
using Harmonia.Cache.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Endpoints;

/// <summary><c>/&lt;hash&gt;.narinfo</c>: what the store knows of a path, signed; with <c>?json</c> as JSON.</summary>
public sealed class NarInfoEndpoint(
    IStoreCatalog catalog, NarInfoSigner signer, KnownNars known, CacheStatistics statistics, ContentSender sender,
    ILogger<NarInfoEndpoint> logger)
{
    private const string JsonKey = "json";

    private static readonly ErrorReply MissedHash = new(StatusCodes.Status404NotFound, "missed hash");
    private static readonly ErrorReply DuplicateJson = ErrorReply.DuplicateParameter(JsonKey);

    public async Task RunAsync(HttpContext context, StorePathHash hash)
    {
        QueryParameter json = QueryParameter.Find(RequestTarget.Of(context).Query, JsonKey);
        if (json.IsDuplicate)
        {
            await DuplicateJson.WriteAsync(context);
            return;
        }

        ValidPathInfo? path = await catalog.FindAsync(hash, context.RequestAborted);
        statistics.NarInfoAnswered(found: path is { Info.NarSize: > 0 });
        if (path is { Info.NarSize: 0 })
        {
            // A client takes a narinfo without a size for a corrupt one, and its fingerprint cannot be signed.
            logger.NarSizeUnknown(path.Path.BaseName, context.TraceIdentifier);
            await MissedHash.WriteAsync(context);
            return;
        }

        if (path is null)
        {
            logger.HashUnknown(RequestTarget.TextOf(context), context.TraceIdentifier);
            await MissedHash.WriteAsync(context);
            return;
        }

        known.Add(path.Info.NarHash, hash);
        SignedPathInfo signed = signer.Sign(path);
        if (json.IsPresent)
        {
            await SendAsync(context, ContentTypes.Json, NarInfoJson.Render(signed));
            return;
        }

        context.Response.Headers["Nix-Link"] = signed.Url;
        await SendAsync(context, ContentTypes.NarInfo, NarInfoText.Render(signed));
    }

    // The signatures are in the body and not in the NAR's hash, so the tag is of the body.
    private Task SendAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body) => sender.SendAsync(
        context,
        new Representation
        {
            ContentType = contentType,
            Kind = BodyKind.Text,
            Tag = EntityTag.OfBody(body.Span),
            CacheControl = CachePolicy.NarInfo,
        },
        body);
}
