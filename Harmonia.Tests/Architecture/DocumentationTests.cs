using System.Text.RegularExpressions;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

/// <summary>The pages are one book: docs/README.md lists them in reading order, each leads to the next, and no link leads nowhere.</summary>
public sealed partial class DocumentationTests
{
    private const string Folder = "docs/";
    private const string Contents = "docs/README.md";
    private const int TimeoutMilliseconds = 10_000;

    [Test]
    public async Task Contents_list_every_page() =>
        Assert.That(LinksOf(Contents).Select(link => Resolve(Contents, link)), Is.SupersetOf((await PagesAsync())
            .Where(page => page.StartsWith(Folder, StringComparison.Ordinal) && page != Contents)));

    [Test]
    public void Each_page_leads_to_the_next()
    {
        string[] pages = [.. Chapter().Matches(Repository.TextOf(Contents)).Select(chapter => chapter.Groups["page"].Value)];

        Assert.That(pages, Has.Length.GreaterThan(10));
        foreach ((string page, string next) in pages.Zip(pages.Skip(1)))
            Assert.That(Repository.TextOf(Folder + page).TrimEnd().Split('\n')[^1], Does.EndWith($"]({next})"), page);
    }

    [Test]
    public async Task Links_lead_to_files_and_headings() =>
        Assert.That(
            from page in await PagesAsync()
            from link in LinksOf(page)
            where !Exists(Resolve(page, link), link.Split('#').Skip(1).SingleOrDefault())
            select $"{page}: {link}",
            Is.Empty);

    private static async Task<IEnumerable<string>> PagesAsync() =>
        (await Repository.FilesAsync()).Where(file => file.EndsWith(".md", StringComparison.Ordinal));

    // Links to other places have a scheme.
    private static IEnumerable<string> LinksOf(string page) =>
        Link().Matches(WithoutCode(page)).Select(link => link.Groups["target"].Value).Where(target => !target.Contains(':', StringComparison.Ordinal));

    private static string Resolve(string page, string link)
    {
        string file = link.Split('#')[0];
        string target = file.Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, file);
        return Path.GetRelativePath(Repository.Root, Path.GetFullPath(target, Repository.Root));
    }

    private static bool Exists(string file, string? heading) =>
        heading is null ? Path.Exists(Repository.PathOf(file)) : File.Exists(Repository.PathOf(file)) && AnchorsOf(file).Contains(heading);

    // As the usual viewers of Markdown name them: letters, digits, hyphens and underscores, blanks as hyphens, and -1 for a repeated name.
    private static HashSet<string> AnchorsOf(string page)
    {
        HashSet<string> anchors = new(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(Code().Replace(Repository.TextOf(page), "")))
        {
            string text = heading.Groups["text"].Value.ToLowerInvariant();
            string name = string.Concat(text.Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');
            string anchor = name;
            for (int number = 1; !anchors.Add(anchor); number++)
                anchor = $"{name}-{number}";
        }

        return anchors;
    }

    private static string WithoutCode(string page) => InlineCode().Replace(Code().Replace(Repository.TextOf(page), ""), "");

    [GeneratedRegex(@"^\d+\. \[[^\]]+\]\((?<page>[^)]+)\)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, TimeoutMilliseconds)]
    private static partial Regex Chapter();

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (?<text>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, TimeoutMilliseconds)]
    private static partial Regex Heading();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline, TimeoutMilliseconds)]
    private static partial Regex Code();

    [GeneratedRegex("`[^`]*`", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex InlineCode();
}
