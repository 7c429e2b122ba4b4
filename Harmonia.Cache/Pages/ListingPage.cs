using Harmonia.Cache.Http;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary>The page of a directory: directories first, then other files, each in byte order. Links are relative and need a URL that ends with a slash.</summary>
public static class ListingPage
{
    // A longer page helps nobody; the NAR listing has all entries.
    private const int MaxRows = 10_000;

    /// <param name="path">The store path.</param>
    /// <param name="names">The names below it, as in the request.</param>
    /// <param name="entries">The entries, in byte order.</param>
    public static byte[] Render(StorePath path, IReadOnlyList<byte[]> names, IReadOnlyList<TreeEntry> entries)
    {
        string place = string.Join('/', names.Select(name => PrintableBytes.Of(name)).Prepend(path.BaseName));
        string root = string.Concat(Enumerable.Repeat("../", names.Count + 2));
        HtmlWriter html = PageLayout.Begin($"Index of {place}");

        html.Append($"<header>\n<h1>Index of ");
        WriteTrail(html, path, names);
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
        foreach (TreeEntry entry in entries.OrderBy(entry => entry.Kind != NarNodeKind.Directory).Take(MaxRows))
            WriteRow(html, entry);
        html.Append($"</tbody>\n</table>\n");
        if (entries.Count > MaxRows)
            html.Append($"<p class=\"quiet\">The first {MaxRows} of {entries.Count} entries; all are in the NAR listing.</p>\n");
        html.Append($"""
            <footer><a href="{root}">Nix binary cache</a> · <a href="{root}{path.Hash.ToString()}.narinfo">narinfo</a> · <a href="{root}{path.Hash.ToString()}.ls">NAR listing</a></footer>

            """);
        return PageLayout.End(html);
    }

    private static void WriteTrail(HtmlWriter html, StorePath path, IReadOnlyList<byte[]> names)
    {
        for (int i = 0; i <= names.Count; i++)
        {
            string name = i == 0 ? path.BaseName : PrintableBytes.Of(names[i - 1]);
            if (i == names.Count)
                html.Append($"<bdi>{name}</bdi>");
            else
                html.Append($"<a href=\"{string.Concat(Enumerable.Repeat("../", names.Count - i))}\"><bdi>{name}</bdi></a>/");
        }
    }

    private static void WriteRow(HtmlWriter html, TreeEntry entry)
    {
        string name = PrintableBytes.Of(entry.Name.Span);
        string link = PercentEncoding.Encode(entry.Name.Span);
        html.Append($"<tr><td class=\"name\">");
        switch (entry.Kind)
        {
            case NarNodeKind.Directory:
                html.Append($"<a href=\"{link}/\"><bdi>{name}</bdi>/</a></td><td class=\"size\">-");
                break;
            case NarNodeKind.Symlink:
                html.Append($"<a href=\"{link}\"><bdi>{name}</bdi></a> <span class=\"quiet\">→ <bdi>{PrintableBytes.Of(entry.Target.Span)}</bdi></span></td><td class=\"size\">-");
                break;
            default:
                html.Append($"<a href=\"{link}\"><bdi>{name}</bdi></a></td><td class=\"size\">{ByteSize.Of(entry.Size)}");
                break;
        }

        html.Append($"</td></tr>\n");
    }

    private static string Summary(IReadOnlyList<TreeEntry> entries)
    {
        string count = entries.Count == 1 ? "1 entry" : $"{entries.Count} entries";
        long size = entries.Sum(entry => entry.Size);
        return size == 0 ? count : $"{count}, {ByteSize.Of(size)} in its files";
    }
}
