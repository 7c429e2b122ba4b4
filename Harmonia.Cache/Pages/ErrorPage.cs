using Harmonia.Cache.Http;

namespace Harmonia.Cache.Pages;

/// <summary>The page of an error: what it means, and where to go from here.</summary>
public static class ErrorPage
{
    /// <param name="status">The status code.</param>
    /// <param name="kind">What was asked for.</param>
    /// <param name="id">The id of the request.</param>
    /// <param name="root">Where the pages begin.</param>
    public static byte[] Render(int status, RouteKind kind, string id, string root)
    {
        (string title, string text) = Words(status, kind);
        HtmlWriter html = PageLayout.Begin(title, root);
        html.Append($"""
            <header>
            <h1>{title}</h1>
            <p class="quiet">Error {status}</p>
            </header>
            <p>{text}</p>

            """);
        if (status >= StatusCodes.Status500InternalServerError)
            html.Append($"<p class=\"quiet\">The log of the cache says more about the request <code>{id}</code>.</p>\n");
        if (status is not (StatusCodes.Status401Unauthorized or >= StatusCodes.Status500InternalServerError))
            LookupForm.Write(html, root);
        html.Append($"""
            <footer>{(status == StatusCodes.Status503ServiceUnavailable ? "Reload this page, or go to the " : "Go to the ")}<a href="{root}">first page of this cache</a>.</footer>

            """);
        return PageLayout.End(html);
    }

    private static (string Title, string Text) Words(int status, RouteKind kind) => (status, kind) switch
    {
        (StatusCodes.Status401Unauthorized, _) => (
            "This cache is private",
            "It asks for a user name and a password, or for a token. Whoever runs it can give you one."),
        (StatusCodes.Status400BadRequest, RouteKind.PathSearch) => (
            "That is no store path",
            "A store path begins with 32 digits and small letters: its hash. Enter the hash, the name with the hash, or the whole path."),
        (StatusCodes.Status404NotFound, RouteKind.PathPage) => (
            "This cache does not have that path",
            "It was never here, or was removed since. Another cache may have it."),
        (StatusCodes.Status404NotFound, RouteKind.Serve) => (
            "No such file",
            "This cache does not have that store path now, or the store path has no such file."),
        (StatusCodes.Status404NotFound, RouteKind.Log) => (
            "No such log",
            "The derivation was not built on this machine, or the log of its build was removed."),
        (StatusCodes.Status404NotFound, _) => (
            "Nothing is here",
            "This cache has no page with this address."),
        (StatusCodes.Status405MethodNotAllowed, _) => (
            "This cache can only be read",
            "It takes no uploads over HTTP and no forms."),
        (StatusCodes.Status503ServiceUnavailable, _) => (
            "The cache can't answer now",
            "The store behind it does not answer, or too many ask at the same time. Try again in a few seconds."),
        (StatusCodes.Status500InternalServerError, _) => (
            "The cache made a mistake",
            "It could not answer because of an error in the program."),
        _ => (
            "The cache can't do that",
            "It did not understand what your browser sent."),
    };
}
