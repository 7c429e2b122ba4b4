using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// Realisations of content-addressed derivations, signed: <c>/realisations/&lt;hash&gt;!&lt;output&gt;.doi</c> for Nix up to 2.34, and
/// <c>/build-trace-v2/&lt;drv&gt;/&lt;output&gt;</c> with or without <c>.doi</c> for later releases. Each is answered from the store's entries
/// in that form.
/// </summary>
public sealed class RealisationEndpoint(
    IStoreCatalog catalog, IRealisationCatalog realisations, RealisationSigner signer, ContentSender sender,
    ILogger<RealisationEndpoint> logger)
{
    private static readonly ErrorReply InvalidId = new(StatusCodes.Status400BadRequest, "Invalid derivation output id");
    private static readonly ErrorReply InvalidDerivation = new(StatusCodes.Status400BadRequest, "Invalid derivation path");
    private static readonly ErrorReply InvalidOutput = new(StatusCodes.Status400BadRequest, "Invalid output name");
    private static readonly ErrorReply Unknown = new(StatusCodes.Status404NotFound, "realisation not found");

    /// <summary>Responds to a request by the hash of a derivation.</summary>
    public async Task RunByHashAsync(HttpContext context, Route route)
    {
        if (Parse(route.Name) is not { } output)
        {
            await ContentSender.SendErrorAsync(context, InvalidId);
            return;
        }

        CancellationToken aborted = context.RequestAborted;
        if (await realisations.FindAsync(output, aborted) is not { } realisation)
        {
            await SendUnknownAsync(context);
            return;
        }

        bool isUltimate = await IsUltimateAsync(realisation.OutPath, aborted);
        await SendAsync(context, Encoding.UTF8.GetBytes(signer.Sign(realisation, isUltimate).ToJson()));
    }

    /// <summary>Responds to a request by the path of a derivation.</summary>
    public async Task RunByPathAsync(HttpContext context, Route route)
    {
        if (!StorePath.TryParse(route.Name, out StorePath? derivation))
        {
            await ContentSender.SendErrorAsync(context, InvalidDerivation);
            return;
        }

        if (route.OutputName is not { } name || !StorePathName.IsValid(name))
        {
            await ContentSender.SendErrorAsync(context, InvalidOutput);
            return;
        }

        CancellationToken aborted = context.RequestAborted;
        BuildTraceKey key = new(derivation, name);
        if (await realisations.FindAsync(key, aborted) is not { } realisation)
        {
            await SendUnknownAsync(context);
            return;
        }

        bool isUltimate = await IsUltimateAsync(realisation.OutPath, aborted);
        await SendAsync(context, BuildTraceJson.Render(signer.Sign(key, realisation, isUltimate)));
    }

    private static DrvOutput? Parse(string? id)
    {
        try
        {
            return DrvOutput.Parse(id);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private async Task<bool> IsUltimateAsync(StorePath path, CancellationToken cancellationToken) =>
        await catalog.FindAsync(path.Hash, cancellationToken) is { Info.Ultimate: true };

    private Task SendUnknownAsync(HttpContext context)
    {
        logger.RealisationUnknown(KestrelRequest.Of(context).Target, context.TraceIdentifier);
        return ContentSender.SendErrorAsync(context, Unknown);
    }

    // As with a narinfo, signatures may come and go.
    private Task SendAsync(HttpContext context, ReadOnlyMemory<byte> json) => sender.SendAsync(
        context,
        new Representation
        {
            ContentType = ContentTypes.Json,
            Kind = BodyKind.Text,
            Tag = EntityTag.OfBody(json.Span),
            CacheControl = CachePolicy.NarInfo,
        },
        json);
}
