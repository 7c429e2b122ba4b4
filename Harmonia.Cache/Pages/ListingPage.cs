using Harmonia.Cache.Http;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary>The page of a directory: directories first, then other files, each in natural order. Links are relative and need a URL that ends with a slash.</summary>
public static class ListingPage
{
    // A longer page helps nobody; the NAR listing has all entries.
    private const int MaxRows = 10_000;

    /// <param name="path">The store path.</param>
    /// <param name="names">The names below it, as in the request.</param>
    /// <param name="entries">The entries, in any order.</param>
    public static byte[] Render(StorePath path, IReadOnlyList<byte[]> names, IReadOnlyList<ListedEntry> entries)
    {
        string place = string.Join('/', names.Select(name => PrintableBytes.Of(name)).Prepend(path.BaseName));
        string root = PageRoot.OfDepth(names.Count + 2);
        HtmlWriter html = PageLayout.Begin($"Index of {place}", root);

        html.Append($"<header>\n");
        WriteTrail(html, path, names, root);
        html.Append($"<h1>Index of ");
        if (names.Count == 0)
            html.AppendPath(path);
        else
            html.Append($"<bdi>{PrintableBytes.Of(names[^1])}</bdi>");
        html.Append($"""
            </h1>
            <p class="quiet">{Summary(entries)}</p>
            </header>
            <table>
            <thead><tr><th scope="col">Name</th><th scope="col" class="size">Size</th></tr></thead>
            <tbody>

            """);
        if (names.Count > 0)
            html.Append($"<tr><td class=\"name\"><a href=\"../\">../</a></td><td class=\"size\">-</td></tr>\n");
        IEnumerable<ListedEntry> sorted = entries.OrderBy(entry => !entry.IsDirectory).ThenBy(entry => entry.Entry.Name, NaturalOrder.Instance);
        foreach (ListedEntry entry in sorted.Take(MaxRows))
            WriteRow(html, entry);
        html.Append($"</tbody>\n</table>\n");
        if (entries.Count > MaxRows)
            html.Append($"<p class=\"quiet\">The first {MaxRows} of {entries.Count} entries; all are in the NAR listing.</p>\n");
        html.Append($"""
            <footer><a href="{root}path/{path.Hash.ToString()}">About this path</a> · <a href="{root}{path.Hash.ToString()}.narinfo">narinfo</a> · <a href="{root}{path.Hash.ToString()}.ls">NAR listing</a></footer>

            """);
        return PageLayout.End(html);
    }

    // Everything above the directory; the heading below it is the directory itself.
    private static void WriteTrail(HtmlWriter html, StorePath path, IReadOnlyList<byte[]> names, string root)
    {
        html.Append($"<nav class=\"trail\" aria-label=\"Breadcrumb\"><a href=\"{root}\">Nix binary cache</a> /");
        for (int i = 0; i < names.Count; i++)
            html.Append($" <a href=\"{PageRoot.OfDepth(names.Count - i)}\"><bdi>{(i == 0 ? path.BaseName : PrintableBytes.Of(names[i - 1]))}</bdi></a> /");
        html.Append($"</nav>\n");
    }

    private static void WriteRow(HtmlWriter html, ListedEntry listed)
    {
        TreeEntry entry = listed.Entry;
        string name = PrintableBytes.Of(entry.Name.Span);
        string slash = listed.IsDirectory ? "/" : "";
        if (listed.End == LinkEnd.Nowhere)
            html.Append($"<tr><td class=\"name\"><bdi>{name}</bdi>");
        else
            html.Append($"<tr><td class=\"name\"><a href=\"{PercentEncoding.Encode(entry.Name.Span)}{slash}\"><bdi>{name}</bdi>{slash}</a>");
        if (entry.Kind == NarNodeKind.Symlink)
            html.Append($" <span class=\"quiet\">→ <bdi>{PrintableBytes.Of(entry.Target.Span)}</bdi></span>");
        if (listed.End == LinkEnd.Nowhere)
            html.Append($" <span class=\"mark\">leads nowhere here</span>");
        if (entry.IsExecutable)
            html.Append($" <span class=\"mark\">executable</span>");
        html.Append($"</td><td class=\"size\">{(entry.Kind == NarNodeKind.Regular ? ByteSize.Of(entry.Size) : "-")}</td></tr>\n");
    }

    private static string Summary(IReadOnlyList<ListedEntry> entries)
    {
        string count = entries.Count == 1 ? "1 entry" : $"{entries.Count} entries";
        long size = entries.Sum(entry => entry.Entry.Size);
        return size == 0 ? count : $"{count}, {ByteSize.Of(size)} in its files";
    }
}
