using System.Text.Json;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.NixOS;

/// <summary>docs/nixos.md has a row for each option. <c>HARMONIA_UPDATE_GOLDEN=1</c> writes the table anew.</summary>
[Category("Nix")]
public sealed class OptionDocumentTests
{
    private const string Document = "docs/nixos.md";
    private const string Head = "| option | type | default | meaning |\n|---|---|---|---|\n";

    [Test]
    public async Task Table_has_every_option()
    {
        JsonElement options = await NixEvaluation.EvaluateAsync(NixRelease.Bookworm, "evaluate-options.nix");
        string table = string.Concat(options.EnumerateArray().Select(Row));
        string text = Repository.TextOf(Document);
        int start = text.IndexOf(Head, StringComparison.Ordinal) + Head.Length;
        int end = text.IndexOf("\n\n", start, StringComparison.Ordinal) + 1;

        if (GoldenFiles.IsUpdating)
            await File.WriteAllTextAsync(Repository.PathOf(Document), text[..start] + table + text[end..]);

        Assert.That(Repository.TextOf(Document), Does.Contain(Head + table + "\n"));
    }

    [TestCase(Document)]
    [TestCase("README.md")]
    public void Example_is_the_configuration_that_the_tests_evaluate(string document)
    {
        string example = Repository.TextOf("Harmonia.Tests/NixOS/Configurations/ten-lines.nix");

        Assert.That(Repository.TextOf(document), Does.Contain($"```nix\n{example[(example.IndexOf('\n', StringComparison.Ordinal) + 1)..]}```"));
    }

    private static string Row(JsonElement option)
    {
        string Text(string name) => option.GetProperty(name).GetString()!;
        return $"| `{Text("name")}` | {Text("type")} | `{Text("default")}` | {Text("description")} |\n";
    }
}
