using Harmonia.Protocol.Nar;
using Harmonia.Tests.Protocol.Nar;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

[Category("Nix")]
public sealed class NarTreeReaderNixTests
{
    private static IReadOnlyList<NixRelease> Releases => NixRelease.All;

    [TestCaseSource(nameof(Releases))]
    public async Task Varied_tree_is_dumped_as_Nix_does(NixRelease release)
    {
        using ByteTree tree = SampleTrees.Varied();

        NarComparison.AssertSame(tree.Dump(), await tree.DumpAsync(release));
    }

    [Test]
    public async Task Twenty_thousand_files_are_dumped_as_every_Nix_does()
    {
        using ByteTree tree = SampleTrees.Large(20_000);
        byte[] nar = tree.Dump();

        foreach (NixRelease release in Releases)
            NarComparison.AssertSame(nar, await tree.DumpAsync(release));
    }

    [TestCaseSource(nameof(Releases))]
    public async Task Deep_tree_is_dumped_as_Nix_does(NixRelease release)
    {
        using ByteTree tree = SampleTrees.Nested(60);

        NarComparison.AssertSame(tree.Dump(), await tree.DumpAsync(release));
    }

    [TestCaseSource(nameof(Releases))]
    public async Task File_and_symbolic_link_are_dumped_as_Nix_does(NixRelease release)
    {
        using ByteTree file = new();
        file.AddRootFile("hello\n"u8);
        using ByteTree directory = ByteTree.WithDirectory();
        directory.AddSymlink("link"u8, [0xff, (byte)'x']);
        CommandResult link = await Command.RunAsync(release.Program("nix-store"), ["--dump", directory["link"]]);
        using NarTreeReader reader = new([.. directory.PathBytes, .. "/link"u8]);

        NarComparison.AssertSame(file.Dump(), await file.DumpAsync(release));
        Assert.That(ByteTree.Drain(buffer => reader.Read(buffer), 4096), Is.EqualTo(link.Output));
    }
}
