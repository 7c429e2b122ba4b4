using System.Text.Json.Nodes;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Our NAR listings against those of <c>nix nar ls</c>.</summary>
[Category("Nix")]
public sealed class NarListingTests
{
    [Test]
    public async Task A_listing_says_what_Nix_says()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync();
        ValidPathInfo tree = cache.Add("tree", root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "bin", "empty"));
            File.WriteAllText(Path.Combine(root, "bin", "run"), "#!/bin/sh\n");
            File.SetUnixFileMode(Path.Combine(root, "bin", "run"), (UnixFileMode)0b101_101_101);
            File.WriteAllText(Path.Combine(root, "ü \"quoted\""), "x");
            File.WriteAllText(Path.Combine(root, "zero"), "");
            File.CreateSymbolicLink(Path.Combine(root, "link"), "bin/run");
        });
        using TemporaryDirectory folder = new();
        await File.WriteAllBytesAsync(folder["tree.nar"], cache.Dump(tree.Path));

        CommandResult nix = await Command.RunAsync(
            NixRelease.Forky.Program("nix"),
            ["--extra-experimental-features", "nix-command", "nar", "ls", "--json", "--recursive", folder["tree.nar"], "/"]);
        string ours = await cache.Client.GetStringAsync(new Uri($"/{tree.Path.Hash}.ls", UriKind.Relative));

        JsonNode expected = JsonNode.Parse(nix.Text)!;
        JsonNode actual = JsonNode.Parse(ours)!["root"]!;
        AddWhatNixOmits(expected);
        // Nix gives no offset, or another one, for the empty file: nobody reads it.
        Assert.That(JsonNode.DeepEquals(actual, expected), $"{expected}\n{actual}");
    }

    // Nix leaves out what is false.
    private static void AddWhatNixOmits(JsonNode node)
    {
        if ((string?)node["type"] == "regular")
            node["executable"] ??= false;
        foreach ((_, JsonNode? entry) in node["entries"]?.AsObject() ?? [])
            AddWhatNixOmits(entry!);
    }
}
