using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class StoreDirectoryTests
{
    private const string BaseName = "xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f";

    [TestCase("/nix/store")]
    [TestCase("/a")]
    [TestCase("/tmp/my store/...")]
    public void Absolute_canonical_path_is_taken(string path) => Assert.That(StoreDirectory.Parse(path).Path, Is.EqualTo(path));

    [TestCase("")]
    [TestCase("/")]
    [TestCase("nix/store")]
    [TestCase("/nix/store/")]
    [TestCase("/nix//store")]
    [TestCase("//nix/store")]
    [TestCase("/nix/./store")]
    [TestCase("/nix/../store")]
    [TestCase("/nix/store/..")]
    [TestCase("/nix/st\0re")]
    public void Other_paths_are_refused(string path)
    {
        Assert.That(StoreDirectory.TryParse(path, out _), Is.False);
        Assert.That(() => StoreDirectory.Parse(path), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Printed_path_comes_back()
    {
        StorePath path = StorePath.Parse(BaseName);

        Assert.That(StoreDirectory.Default.Print(path), Is.EqualTo($"/nix/store/{BaseName}"));
        Assert.That(StoreDirectory.Default.ParsePath($"/nix/store/{BaseName}"), Is.EqualTo(path));
    }

    [TestCase("/nix/store/" + BaseName + "/")]
    [TestCase("//nix/store//" + BaseName + "//")]
    [TestCase("/nix/./store/./" + BaseName + "/.")]
    [TestCase("/nix/store/x/../" + BaseName)]
    [TestCase("/../../nix/store/" + BaseName)]
    [TestCase("/nix/store/" + BaseName + "/bin/..")]
    public void Path_is_normalised_first(string text) =>
        Assert.That(StoreDirectory.Default.ParsePath(text).BaseName, Is.EqualTo(BaseName));

    [TestCase("")]
    [TestCase("/")]
    [TestCase(BaseName)]
    [TestCase("nix/store/" + BaseName)]
    [TestCase("/nix/store")]
    [TestCase("/nix/store/")]
    [TestCase("/nix/store/..")]
    [TestCase("/nix/store/../" + BaseName)]
    [TestCase("/nix/store/" + BaseName + "/bin")]
    [TestCase("/nix/storex/" + BaseName)]
    [TestCase("/nix/store/x/" + BaseName)]
    [TestCase("/nix/Store/" + BaseName)]
    public void Path_elsewhere_is_refused(string text)
    {
        Assert.That(StoreDirectory.Default.TryParsePath(text, out _), Is.False);
        Assert.That(
            () => StoreDirectory.Default.ParsePath(text),
            Throws.TypeOf<FormatException>().With.Message.Contains("is not in the Nix store"));
    }

    [Test]
    public void Bad_base_name_is_refused_with_its_reason() => Assert.That(
        () => StoreDirectory.Default.ParsePath("/nix/store/hello"),
        Throws.TypeOf<FormatException>().With.Message.Contains("'hello' is not a store path: it is too short."));

    [FsCheck.NUnit.Property]
    public bool Arbitrary_text_is_refused_in_good_order(string? text) => !StoreDirectory.Default.TryParsePath("/nix/store/" + text, out _);
}
