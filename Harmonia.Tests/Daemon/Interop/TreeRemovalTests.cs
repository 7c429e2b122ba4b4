using Harmonia.Daemon.Interop;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Interop;

public sealed class TreeRemovalTests
{
    private const uint OwnerOnly = 0b111_000_000;
    private const uint ReadOnly = 0b101_101_101;

    private TemporaryDirectory _directory = null!;
    private DirectoryHandle _parent = null!;

    [SetUp]
    public void Begin()
    {
        _directory = new TemporaryDirectory();
        _parent = DirectoryHandle.Open(_directory["."]);
    }

    [TearDown]
    public void End()
    {
        _parent.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void A_tree_is_removed_with_read_only_directories_and_links_are_not_followed()
    {
        Directory.CreateDirectory(_directory["tree/a/b"]);
        Directory.CreateDirectory(_directory["tree/c"]);
        File.WriteAllText(_directory["outside"], "outside");
        File.WriteAllText(_directory["tree/file"], "12345");
        File.WriteAllText(_directory["tree/a/b/file"], "1234567");
        File.CreateSymbolicLink(_directory["tree/c/link"], "../..");
        File.CreateSymbolicLink(_directory["tree/c/file-link"], _directory["outside"]);
        foreach (string directory in (string[])["tree/a/b", "tree/a", "tree/c", "tree"])
            File.SetUnixFileMode(_directory[directory], (UnixFileMode)ReadOnly);

        ulong freed = _parent.RemoveTree("tree"u8);

        Assert.That(freed, Is.EqualTo(5 + 7 + "../..".Length + _directory["outside"].Length));
        Assert.That(Directory.GetFileSystemEntries(_directory["."]).Select(Path.GetFileName), Is.EqualTo(["outside"]));
    }

    /// <summary>The path of its deepest directory is longer than the kernel takes, and there are more levels than file descriptors to spare.</summary>
    [Test]
    public void A_tree_may_be_of_any_depth()
    {
        const int Depth = 5_000;
        _parent.CreateDirectory("deep"u8, OwnerOnly);
        DirectoryHandle current = _parent.OpenDirectory("deep"u8);
        for (int i = 0; i < Depth; i++)
        {
            current.CreateDirectory("d"u8, OwnerOnly);
            DirectoryHandle next = current.OpenDirectory("d"u8);
            current.Dispose();
            current = next;
        }

        current.Dispose();

        Assert.That(_parent.RemoveTree("deep"u8), Is.Zero);
        Assert.That(Directory.GetFileSystemEntries(_directory["."]), Is.Empty);
    }

    [Test]
    public void A_missing_path_is_not_an_error() => Assert.That(_parent.RemoveTree("missing"u8), Is.Zero);
}
