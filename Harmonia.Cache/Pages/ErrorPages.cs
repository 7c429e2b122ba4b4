using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;
using Microsoft.Net.Http.Headers;

namespace Harmonia.Cache.Pages;

/// <summary>
/// Gives errors the form of a page where a browser asks for a URL that is for people. Programs get the plain words, and so does
/// everybody at the URLs that are for programs.
/// </summary>
public static class ErrorPages
{
    private static readonly HeaderLine VariesByAccept = new("Vary", "Accept");

    /// <summary>Runs before everything that refuses a request.</summary>
    public static Task RunAsync(HttpContext context, RequestDelegate next)
    {
        KestrelRequest request = KestrelRequest.Of(context);
        if (IsForPeople(request.Route.Kind) && TakesPages(context.Request))
            context.Features.Set<ErrorForm>(error => PageOf(error, request));
        return next(context);
    }

    private static bool IsForPeople(RouteKind kind) => kind
        is RouteKind.Unknown or RouteKind.Landing or RouteKind.PathPage or RouteKind.PathSearch or RouteKind.Serve or RouteKind.Log;

    // Browsers name the type. Programs do not, though many accept everything.
    private static bool TakesPages(HttpRequest request)
    {
        double pages = 0;
        double text = 0;
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted))
            return false;
        foreach (MediaTypeHeaderValue type in accepted)
        {
            if (type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase))
                pages = type.Quality ?? 1;
            else if (type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
                text = type.Quality ?? 1;
        }

        return pages > text;
    }

    private static ErrorReply PageOf(ErrorReply error, KestrelRequest request) => error with
    {
        ContentType = ContentTypes.Html,
        Body = ErrorPage.Render(error.Status, request.Route.Kind, request.Id, PageRoot.Of(request.Target)),
        Headers = [.. error.Headers ?? [], .. PageReply.Headers, VariesByAccept],
    };
}
