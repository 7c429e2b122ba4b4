using System.Net;
using System.Text.RegularExpressions;

namespace Harmonia.Tests.Support;

/// <summary>The text of an HTML page as it is read: without tags, each preformatted box and element of a list on lines of its own.</summary>
public static partial class PageText
{
    public static string Of(string html) => WebUtility.HtmlDecode(Tag().Replace(Box().Replace(html, "\n"), ""));

    [GeneratedRegex("</?(pre|li|dd|dt|td|h[1-3])[^>]*>", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Box();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 10_000)]
    private static partial Regex Tag();
}
