using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.Pages;

/// <summary><c>/ready</c>: whether paths can be served now, for load balancers; if not, the general reason.</summary>
public sealed class ReadinessEndpoint(IStoreCatalog catalog, StoreFilesCheck files)
{
    private static readonly PreparedResponse Ready = PreparedResponse.Of(ContentTypes.Text, "ready\n"u8.ToArray(), CachePolicy.NoStore);
    private static readonly ErrorReply Unreachable = NotReady("the store daemon cannot be reached");
    private static readonly ErrorReply Refusing = NotReady("the store daemon refuses the user of the cache");
    private static readonly ErrorReply Silent = NotReady("the store daemon does not answer in time");
    private static readonly ErrorReply OtherStoreDirectory = NotReady("the store daemon serves another store directory");
    private static readonly ErrorReply FilesMissing = NotReady("the files of the store are not there");
    private static readonly ErrorReply Failing = NotReady("the store daemon answers with an error");

    public async Task RunAsync(HttpContext context)
    {
        ErrorReply? problem = await catalog.CheckAsync(context.RequestAborted) switch
        {
            CatalogState.Ready => files.AreThere() ? null : FilesMissing,
            CatalogState.Unreachable => Unreachable,
            CatalogState.Refusing => Refusing,
            CatalogState.Silent => Silent,
            CatalogState.OtherStoreDirectory => OtherStoreDirectory,
            _ => Failing,
        };
        if (problem is not null)
        {
            await ContentSender.SendErrorAsync(context, problem);
            return;
        }

        await Ready.SendAsync(context);
    }

    private static ErrorReply NotReady(string reason) => new(StatusCodes.Status503ServiceUnavailable, $"not ready: {reason}\n");
}
