using System.Text;
using Harmonia.Cache.Interop;
using Harmonia.Protocol.Nar;
using Harmonia.Tests.Support;
using Microsoft.Win32.SafeHandles;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

public sealed class PageCacheNarTests
{
    private const int MaxLength = 64 * 1024;

    // POSIX_FADV_DONTNEED: the pages of a file that are on the disk leave memory.
    private const int NotNeeded = 4;

    [Test]
    public void Parts_are_those_of_the_dump()
    {
        using ByteTree tree = SampleTrees.Varied();
        byte[] nar = tree.Dump();
        NarIndex index = tree.Index();
        TreeIdentity identity = TreeIdentity.Of(tree.PathBytes);
        PageCacheNar cached = new();
        Random random = new(20_261_201);
        int read = 0;
        for (int round = 0; round < 3_000; round++)
        {
            int offset = random.Next(nar.Length);
            byte[] part = new byte[Math.Min(random.Next(1, round % 2 == 0 ? 64 : MaxLength), nar.Length - offset)];
            if (!cached.TryRead(index, identity, tree.PathBytes, offset, part))
                continue;
            read++;
            if (!part.AsSpan().SequenceEqual(nar.AsSpan(offset, part.Length)))
                Assert.Fail($"Bytes {offset} to {offset + part.Length} differ from the dump.");
        }

        Assert.That(read, Is.GreaterThan(2_000), "Only parts with many files are left to others.");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_root_that_is_not_a_directory_is_read(bool isFile)
    {
        using TemporaryDirectory directory = new();
        string root = directory["root"];
        if (isFile)
            File.WriteAllText(root, "contents");
        else
            File.CreateSymbolicLink(root, "target");

        Assert.That(Read(root, out byte[] nar));
        Assert.That(nar, Is.EqualTo(Dump(root)));
    }

    [Test]
    public void A_part_of_many_files_is_left_to_others()
    {
        using TemporaryDirectory directory = new();
        for (int file = 0; file < 17; file++)
            File.WriteAllText(directory[$"{file}"], "contents");

        Assert.That(Read(directory.Path, out _), Is.False);
        File.Delete(directory["0"]);
        Assert.That(Read(directory.Path, out byte[] nar));
        Assert.That(nar, Is.EqualTo(Dump(directory.Path)));
    }

    [Test]
    public void A_file_that_is_another_by_now_is_not_read()
    {
        using TemporaryDirectory directory = new();
        string inner = directory["inner"];
        Directory.CreateDirectory(inner);
        string file = Path.Combine(inner, "file");
        byte[] root = Encoding.UTF8.GetBytes(directory.Path);
        File.WriteAllText(file, "contents");
        NarIndex index = NarIndex.Build(root, CancellationToken.None);
        TreeIdentity identity = TreeIdentity.Of(root);
        byte[] nar = new byte[index.NarSize];
        PageCacheNar cached = new();
        bool IsRead() => cached.TryRead(index, identity, root, 0, nar);

        Assert.That(IsRead());
        File.AppendAllText(file, "more");
        Assert.That(IsRead(), Is.False, "longer");
        File.Delete(file);
        Assert.That(IsRead(), Is.False, "gone");
        Directory.CreateDirectory(file);
        Assert.That(IsRead(), Is.False, "a directory");
        Directory.Delete(file);
        File.CreateSymbolicLink(file, "/proc/self/cmdline");
        Assert.That(IsRead(), Is.False, "a link");
        File.Delete(file);
        File.WriteAllText(file, "contents");
        Assert.That(IsRead());
        // Through a link, the file has the same contents but another path.
        Directory.Move(inner, inner + "-moved");
        Directory.CreateSymbolicLink(inner, inner + "-moved");
        Assert.That(cached.TryRead(index, TreeIdentity.Of(root), root, 0, nar), Is.False, "behind a link");
        Assert.That(cached.IsUnsupported, Is.False);
    }

    [Test]
    public void A_root_that_was_touched_is_not_read()
    {
        using TemporaryDirectory directory = new();
        string root = directory["root"];
        File.WriteAllText(root, "contents");
        byte[] path = Encoding.UTF8.GetBytes(root);
        NarIndex index = NarIndex.Build(path, CancellationToken.None);
        TreeIdentity identity = TreeIdentity.Of(path);
        File.WriteAllText(root, "CONTENTS");

        Assert.That(new PageCacheNar().TryRead(index, identity, path, 0, new byte[index.NarSize]), Is.False);
    }

    [Test]
    public void What_is_not_in_memory_is_not_read()
    {
        using TemporaryDirectory directory = new();
        byte[] contents = new byte[MaxLength];
        foreach (string name in new[] { "probe", "root" })
        {
            using SafeFileHandle file = File.OpenHandle(directory[name], FileMode.CreateNew, FileAccess.ReadWrite);
            RandomAccess.Write(file, contents, fileOffset: 0);
            RandomAccess.FlushToDisk(file);
            _ = LibcWrites.Advise(file, 0, 0, NotNeeded);
        }

        // Files in tmpfs are always in memory.
        using (SafeFileHandle probe = File.OpenHandle(directory["probe"]))
            Assume.That(Libc.IsInMemory(probe, 0), Is.False);

        Assert.That(Read(directory["root"], out _), Is.False);
        byte[] dump = Dump(directory["root"]);
        Assert.That(Read(directory["root"], out byte[] nar));
        Assert.That(nar, Is.EqualTo(dump));
    }

    [Test]
    public void A_range_beyond_the_end_is_refused()
    {
        using TemporaryDirectory directory = new();
        byte[] root = Encoding.UTF8.GetBytes(directory.Path);
        NarIndex index = NarIndex.Build(root, CancellationToken.None);

        Assert.That(
            () => new PageCacheNar().TryRead(index, TreeIdentity.Of(root), root, 1, new byte[index.NarSize]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static bool Read(string path, out byte[] nar)
    {
        byte[] root = Encoding.UTF8.GetBytes(path);
        NarIndex index = NarIndex.Build(root, CancellationToken.None);
        nar = new byte[index.NarSize];
        return new PageCacheNar().TryRead(index, TreeIdentity.Of(root), root, 0, nar);
    }

    private static byte[] Dump(string path)
    {
        using NarTreeReader reader = new(Encoding.UTF8.GetBytes(path));
        byte[] nar = new byte[2 * MaxLength];
        return nar[..reader.Read(nar)];
    }
}
