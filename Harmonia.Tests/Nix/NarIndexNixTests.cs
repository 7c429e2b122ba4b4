using System.Text;
using System.Text.Json;
using Harmonia.Protocol.Nar;
using Harmonia.Tests.Protocol.Nar;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

[Category("Nix")]
public sealed class NarIndexNixTests
{
    [Test]
    public async Task Listing_has_the_same_offsets_sizes_and_targets_as_Nix_s()
    {
        using ByteTree tree = SampleTrees.Large(1_000);
        tree.AddSymlink("link"u8, "../é"u8);
        tree.AddDirectory("empty"u8);
        await File.WriteAllBytesAsync(tree.Beside("tree.nar"), await tree.DumpAsync(NixRelease.Forky));
        CommandResult listing = await Command.RunAsync(
            NixRelease.Forky.Program("nix"),
            ["--extra-experimental-features", "nix-command", "nar", "ls", "--json", "--recursive", tree.Beside("tree.nar"), "/"],
            new Dictionary<string, string?> { ["HOME"] = tree.Beside("home") });
        using JsonDocument document = JsonDocument.Parse(listing.Output);
        List<string> expected = new();
        Flatten("", document.RootElement, expected);

        NarIndex index = tree.Index();
        string[] paths = new string[index.Count];
        List<string> actual = new();
        for (int i = 0; i < index.Count; i++)
        {
            NarIndexEntry entry = index[i];
            paths[i] = entry.Parent < 0 ? "" : $"{paths[entry.Parent]}/{Encoding.UTF8.GetString(entry.Name)}";
            actual.Add(entry.Kind switch
            {
                NarNodeKind.Regular => $"{paths[i]} regular {entry.Size} {entry.NarOffset} {entry.IsExecutable}",
                NarNodeKind.Symlink => $"{paths[i]} symlink {Encoding.UTF8.GetString(entry.Target)}",
                _ => $"{paths[i]} directory",
            });
        }

        Assert.That(actual.Order(StringComparer.Ordinal), Is.EqualTo(expected.Order(StringComparer.Ordinal)));
        Assert.That(actual, Has.Count.GreaterThan(1_000));
    }

    private static void Flatten(string path, JsonElement node, List<string> lines)
    {
        string type = node.GetProperty("type").GetString()!;
        lines.Add(type switch
        {
            "regular" =>
                $"{path} regular {node.GetProperty("size")} {node.GetProperty("narOffset")} {node.TryGetProperty("executable", out _)}",
            "symlink" => $"{path} symlink {node.GetProperty("target")}",
            _ => $"{path} directory",
        });
        if (type != "directory")
            return;
        foreach (JsonProperty entry in node.GetProperty("entries").EnumerateObject())
            Flatten($"{path}/{entry.Name}", entry.Value, lines);
    }
}
