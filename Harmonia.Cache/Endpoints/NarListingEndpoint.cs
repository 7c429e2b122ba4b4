using Harmonia.Cache.Http;
using Harmonia.Cache.Observability;
using Harmonia.Cache.Store;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Endpoints;

/// <summary><c>/&lt;hash&gt;.ls</c>: what is in a path, and where in its NAR each file lies.</summary>
public sealed class NarListingEndpoint(IStoreCatalog catalog, StoreFiles files, ILogger<NarListingEndpoint> logger)
{
    private static readonly ErrorReply MissedHash = new(StatusCodes.Status404NotFound, "missed hash");

    public async Task RunAsync(HttpContext context, StorePathHash hash)
    {
        CancellationToken aborted = context.RequestAborted;
        ValidPathInfo? path = await catalog.FindAsync(hash, aborted);
        if (path is null)
        {
            logger.HashUnknown(RequestTarget.TextOf(context), context.TraceIdentifier);
            await MissedHash.WriteAsync(context);
            return;
        }

        EntityTag tag = EntityTag.Strong($"{path.Info.NarHash.ToBase32()}-ls");
        if (tag.MatchesIfNoneMatch(context.Request.Headers.IfNoneMatch))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            WriteValidators(context.Response, tag);
            return;
        }

        NarIndex index;
        try
        {
            byte[] root = files.NameOf(path.Path);
            index = await Task.Run(() => NarIndex.Build(root, aborted), aborted);
        }
        catch (IOException exception)
        {
            logger.NarUnreadable(path.Path.BaseName, exception.Message, context.TraceIdentifier);
            await ErrorStatus.For(exception).WriteAsync(context);
            return;
        }

        WriteValidators(context.Response, tag);
        context.Response.Headers.ContentType = ContentTypes.Json;
        if (!Methods.IsHead(context.Request.Method))
            await NarListingJson.WriteAsync(index, context.Response.BodyWriter, aborted);
    }

    private static void WriteValidators(HttpResponse response, EntityTag tag)
    {
        response.Headers.ETag = tag.Text;
        response.Headers.CacheControl = CachePolicy.Nar;
    }
}
