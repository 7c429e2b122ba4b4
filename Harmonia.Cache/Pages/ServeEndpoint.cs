using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary>
/// <c>/serve/&lt;hash&gt;/…</c>, or with the path's name behind the hash: the files of a path, for browsers. A directory is its index.html,
/// or a page that lists it.
/// Links that lead out of valid paths do not exist.
/// </summary>
public sealed class ServeEndpoint(
    IStoreCatalog catalog, StoreWalk walk, ServedFile files, PageReply pages, CacheOptions options, ILogger<ServeEndpoint> logger)
{
    private static readonly byte[] Index = [.. "index.html"u8];

    private readonly LinkFollower _links = new(walk);

    public bool IsEnabled => options.Serve;

    public async Task RunAsync(HttpContext context, Route route)
    {
        CancellationToken aborted = context.RequestAborted;
        InnerPath? inner = route.InnerPath;
        ValidPathInfo? path = inner is null ? null : await FindPathAsync(route, aborted);
        using StoreLocation? location = path is null ? null : await FindAsync(path, inner!.Names, aborted);
        switch (location?.Node)
        {
            case TreeNode.Regular file when inner!.Names.Count == 0 || !inner.EndsWithSlash:
                await files.SendAsync(context, location, file, NameOf(path!, inner));
                break;
            case TreeNode.Directory when !inner!.EndsWithSlash:
                Redirect(context, route);
                break;
            case TreeNode.Directory directory:
                await SendDirectoryAsync(context, path!, inner, directory.Contents);
                break;
            default:
                LogMiss(context, path, inner, location);
                await ContentSender.SendErrorAsync(context, ErrorReply.MissedHash);
                break;
        }
    }

    private async ValueTask<ValidPathInfo?> FindPathAsync(Route route, CancellationToken cancellationToken)
    {
        ValidPathInfo? path = await catalog.FindAsync(route.OutHash.GetValueOrDefault(), cancellationToken);
        return route.Name is null || route.Name == path?.Path.BaseName ? path : null;
    }

    // A missing file is the client's mistake; a missing path may be the store's.
    private void LogMiss(HttpContext context, ValidPathInfo? path, InnerPath? inner, StoreLocation? location)
    {
        if (inner is null)
            return;
        if (path is null)
            logger.HashUnknown(KestrelRequest.Of(context).Target, context.TraceIdentifier);
        else if (inner.Names.Count == 0 && location is null)
            logger.NarUnreadable(path.Path.BaseName, "it is valid, but its files are missing", context.TraceIdentifier);
    }

    // System calls on a slow disk must not block the other connections of the calling thread.
    private Task<StoreLocation?> FindAsync(ValidPathInfo path, IReadOnlyList<byte[]> names, CancellationToken cancellationToken) =>
        Task.Run(() => walk.FindAsync(path, names, cancellationToken), cancellationToken);

    private async Task SendDirectoryAsync(HttpContext context, ValidPathInfo path, InnerPath inner, TreeDirectory directory)
    {
        using StoreLocation? index = await FindAsync(path, [.. inner.Names, Index], context.RequestAborted);
        if (index?.Node is TreeNode.Regular file)
        {
            await files.SendAsync(context, index, file, "index.html");
        }
        else if (options.Listing)
        {
            IReadOnlyList<ListedEntry> entries = await Task.Run(
                () => _links.FollowAsync(path, inner.Names, directory.List(), context.RequestAborted), context.RequestAborted);
            await pages.SendAsync(context, ListingPage.Render(path.Path, inner.Names, entries));
        }
        else
        {
            await ContentSender.SendErrorAsync(context, ErrorReply.MissedHash);
        }
    }

    // Without the slash, relative links in the page would lead to the directory's neighbours. The reference is relative, so that it
    // holds behind a proxy that adds a prefix; with the dot, so that a colon in the name makes no scheme.
    private static void Redirect(HttpContext context, Route route)
    {
        string last = route.InnerPath is { Names: [.., byte[] name] } ? PercentEncoding.Encode(name) : NameIn(route);
        ResponseHead head = new() { Status = StatusCodes.Status302Found, Length = 0, Others = [new HeaderLine("Location", $"./{last}/")] };
        head.WriteTo(context);
    }

    // A base name may have a question mark.
    private static string NameIn(Route route) => route.Name is { } name
        ? PercentEncoding.Encode(Encoding.ASCII.GetBytes(name))
        : route.OutHash.GetValueOrDefault().ToString();

    private static string NameOf(ValidPathInfo path, InnerPath inner) =>
        inner.Names.Count == 0 ? path.Path.Name.ToString() : ReadableBytes.Of(inner.Names[^1]);
}
