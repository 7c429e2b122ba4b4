using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

/// <summary>What the style guide says of files, as far as no analyzer says it. One type a file is an analyzer's rule (MA0048).</summary>
public sealed class FileRulesTests
{
    private const int MaxLines = 400;

    // In two halves, so that this file does not break the rule.
    private static readonly string[] Reminders = ["TO" + "DO", "FIX" + "ME"];

    [Test]
    public async Task Files_have_no_more_than_400_lines() =>
        Assert.That(await FilesAsync(file => file.Lines.Length > MaxLines), Is.Empty);

    [Test]
    public async Task Files_have_no_regions() =>
        Assert.That(await FilesAsync(file => file.Lines.Any(line => line.TrimStart().StartsWith("#region", StringComparison.Ordinal))), Is.Empty);

    [Test]
    public async Task Files_leave_nothing_for_later() =>
        Assert.That(await FilesAsync(file => Reminders.Any(reminder => file.Text.Contains(reminder, StringComparison.Ordinal))), Is.Empty);

    [Test]
    public async Task Tests_that_need_Nix_lie_in_one_place()
    {
        const string Category = "[Category(\"" + "Nix\")]";
        string[] places = ["Harmonia.Tests/Nix/", "Harmonia.Tests/NixOS/", "Harmonia.Tests/Native/"];

        Assert.That(
            await FilesAsync(file => file.Text.Contains(Category, StringComparison.Ordinal)
                && !places.Any(place => file.Path.StartsWith(place, StringComparison.Ordinal))),
            Is.Empty);
    }

    [Test]
    public async Task Documentation_has_no_line_over_130_columns()
    {
        const int MaxColumns = 130;
        IEnumerable<string> pages = (await Repository.FilesAsync()).Where(file => file.EndsWith(".md", StringComparison.Ordinal));

        // The rows of a table can't be broken.
        Assert.That(
            from page in pages
            from line in Repository.TextOf(page).Split('\n')
            where line.Length > MaxColumns && !line.StartsWith('|')
            select $"{page}: {line}",
            Is.Empty);
    }

    private static async Task<IEnumerable<string>> FilesAsync(Func<SourceFile, bool> breaksRule) =>
        (await SourceFile.AllAsync()).Where(breaksRule).Select(file => $"{file.Path} ({file.Lines.Length} lines)");
}
