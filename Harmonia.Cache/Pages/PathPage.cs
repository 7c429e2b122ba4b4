using System.Globalization;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary>The page about a path: how large it is, how to get it, what it needs and what needs it, who vouches for it.</summary>
public static class PathPage
{
    /// <summary>How many paths a list shows.</summary>
    public const int MaxListed = 200;

    // "/path/<hash>"
    private static readonly string Root = PageRoot.OfDepth(1);

    public static byte[] Render(PathContent content)
    {
        StorePath path = content.Path.Path;
        HtmlWriter html = PageLayout.Begin(path.Name.ToString(), Root);
        html.Append($"""
            <header>
            <nav class="trail" aria-label="Breadcrumb"><a href="{Root}">Nix binary cache</a> /</nav>
            <h1>
            """);
        html.AppendPath(path);
        html.Append($"</h1>\n</header>\n");
        WriteFigures(html, content);
        WriteLinks(html, content);
        WriteCommands(html, content);
        UnkeyedValidPathInfo info = content.Path.Info;
        WritePaths(html, content, "Refers to", "It refers to no other path.", new FirstPaths(info.References, info.References.Count));
        WritePaths(html, content, "Is referred to by", "No other path here refers to it.", content.Referrers);
        WriteSignatures(html, content.Signatures);
        WriteOrigin(html, content);
        return PageLayout.End(html);
    }

    private static void WriteFigures(HtmlWriter html, PathContent content) => html.Append($"""
        <dl class="figures">
        <div><dt>Size</dt><dd>{(content.Path.Info.NarSize == 0 ? "unknown" : Bytes(content.Path.Info.NarSize))}</dd></div>
        <div><dt>Size with all it needs</dt><dd>{ClosureBytes(content.Closure)}</dd></div>
        <div><dt>Paths with all it needs</dt><dd>{ClosurePaths(content.Closure)}</dd></div>
        <div><dt>Signatures</dt><dd>{content.Signatures.Count}</dd></div>
        </dl>

        """);

    private static void WriteLinks(HtmlWriter html, PathContent content)
    {
        string hash = content.Path.Path.Hash.ToString();
        html.Append($"<p class=\"links\">");
        if (content.Serves)
            html.Append($"<a href=\"{Root}serve/{Segment(content.Path.Path)}/\">Files</a> ");
        if (content.Log is not null)
            html.Append($"<a href=\"{Root}log/{Segment(content.Log)}\">Build log</a> ");
        html.Append($"<a href=\"{Root}{hash}.narinfo\">narinfo</a> <a href=\"{Root}{hash}.ls\">NAR listing</a></p>\n");
    }

    private static void WriteCommands(HtmlWriter html, PathContent content)
    {
        string path = content.StoreDirectory.Print(content.Path.Path);
        html.Append($"<h2>Copy it</h2>\n<h3>Its path</h3>\n<pre>{path}</pre>\n<h3>Into the store of another machine</h3>\n<pre>nix copy --from {content.Address} ");
        KeyMarkup.WriteArgument(html, "--extra-trusted-public-keys", content.PublicKeys);
        html.Append($"{path}</pre>\n");
    }

    // A path that refers to itself is in both sets.
    private static void WritePaths(HtmlWriter html, PathContent content, string title, string none, FirstPaths paths)
    {
        StorePath self = content.Path.Path;
        StorePath[] others = [.. paths.Paths.Where(path => !path.Equals(self))];
        int count = paths.Count - (content.Path.Info.References.Contains(self) ? 1 : 0);
        html.Append($"<h2>{title}</h2>\n");
        if (others.Length == 0)
        {
            html.Append($"<p class=\"quiet\">{none}</p>\n");
            return;
        }

        html.Append($"<ul class=\"paths\">\n");
        foreach (StorePath path in others.Take(MaxListed))
        {
            html.Append($"<li><a href=\"{Segment(path)}\">");
            html.AppendPath(path);
            html.Append($"</a></li>\n");
        }

        html.Append($"</ul>\n");
        if (count > MaxListed)
            html.Append($"<p class=\"quiet\">These are the first {MaxListed} of {Number(count)}.</p>\n");
    }

    private static void WriteSignatures(HtmlWriter html, IReadOnlyList<Signature> signatures)
    {
        html.Append($"<h2>Signatures</h2>\n");
        if (signatures.Count == 0)
            html.Append($"<p class=\"quiet\">Nobody has signed it. Clients take it only if they ask for no signatures, or if its name proves its contents.</p>\n");
        else
            KeyMarkup.WriteBox(html, [.. signatures.Select(signature => signature.ToString())]);
    }

    private static void WriteOrigin(HtmlWriter html, PathContent content)
    {
        UnkeyedValidPathInfo info = content.Path.Info;
        html.Append($"<h2>More about it</h2>\n<table class=\"facts\">\n<tbody>\n<tr><th scope=\"row\">Built from</th><td class=\"name\">");
        if (info.Deriver is not { } deriver)
            html.Append($"<span class=\"quiet\">not known</span>");
        else if (content.HasDeriver)
            html.Append($"<a href=\"{Segment(deriver)}\">{deriver.BaseName}</a>");
        else
            html.Append($"{deriver.BaseName}");
        html.Append($"</td></tr>\n<tr><th scope=\"row\">NAR hash</th><td class=\"name\">{info.NarHash.ToString()}</td></tr>\n");
        if (info.ContentAddress is { } address)
            html.Append($"<tr><th scope=\"row\">Content address</th><td class=\"name\">{address.ToString()}</td></tr>\n");
        if (info.RegistrationTime is > 0 and <= int.MaxValue)
            html.Append($"<tr><th scope=\"row\">In this store since</th><td>{Date(info.RegistrationTime)}</td></tr>\n");
        html.Append($"</tbody>\n</table>\n");
    }

    private static string ClosureBytes(ClosureSize closure) =>
        (closure.IsWhole ? "" : "more than ") + Bytes(closure.Bytes);

    private static string Bytes(ulong bytes) => ByteSize.Of((long)Math.Min(bytes, long.MaxValue));

    private static string ClosurePaths(ClosureSize closure) => (closure.IsWhole ? "" : "more than ") + Number(closure.Paths);

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Date(ulong seconds) =>
        DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // A base name may have a question mark.
    private static string Segment(StorePath path) => PercentEncoding.Encode(Encoding.ASCII.GetBytes(path.BaseName));
}
