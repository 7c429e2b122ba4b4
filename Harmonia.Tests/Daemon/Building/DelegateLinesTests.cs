using System.Text;
using Harmonia.Daemon.Building;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Building;

public sealed class DelegateLinesTests
{
    [TestCase("", new string[0])]
    [TestCase("one\n\ntwo\n", new[] { "one", "", "two" })]
    [TestCase("one\nä and no end", new[] { "one", "ä and no end" })]
    public async Task Lines_come_whole_however_they_arrive(string text, string[] lines) =>
        Assert.That(await ReadAsync(new SlicedStream(Encoding.UTF8.GetBytes(text), 2)), Is.EqualTo(lines));

    [Test]
    public async Task Of_a_line_that_is_too_long_the_beginning_is_kept()
    {
        string text = $"before\n{new string('x', 3 * DelegateLines.MaxLength)}\nafter\n";

        List<string> lines = await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)));

        Assert.That(lines, Has.Count.EqualTo(3));
        Assert.That((lines[0], lines[2]), Is.EqualTo(("before", "after")));
        Assert.That(lines[1].Length, Is.InRange(DelegateLines.MaxLength, 2 * DelegateLines.MaxLength));
    }

    private static async Task<List<string>> ReadAsync(Stream stream)
    {
        List<string> lines = [];
        await foreach (string line in DelegateLines.ReadAsync(stream, default))
            lines.Add(line);
        return lines;
    }
}
