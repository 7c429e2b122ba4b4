using Harmonia.Cache.NarCache;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarCache;

public sealed class StoredNarTests
{
    private static readonly NarHash First = NarHash.Of([1]);
    private static readonly NarHash Second = NarHash.Of([2]);

    [Test]
    public void A_name_says_all_but_the_size()
    {
        StoredNar stored = new(First, Second, "f1l-3z10504", 77);
        StoredNar mark = StoredNar.Incompressible(First);

        Assert.That(stored.FileName, Is.EqualTo($"{First.ToBase32()}-{Second.ToBase32()}-f1l-3z10504.nar.zst"));
        Assert.That(StoredNar.Parse(stored.FileName, 77), Is.EqualTo(stored));
        Assert.That(StoredNar.Parse(mark.FileName, 0), Is.EqualTo(mark));
        Assert.That(mark.IsIncompressible);
    }

    [Test]
    public void Other_names_and_empty_files_are_none_of_ours()
    {
        string name = new StoredNar(First, Second, "f1l1z1", 1).FileName;

        Assert.That(StoredNar.Parse(name, 0), Is.Null);
        foreach (string other in (string[])["lock", name + "x", name + "\n", "x" + name, name[1..], name.Replace('0', 'e'), $"{First.ToBase32()}.nar.zst"])
            Assert.That(StoredNar.Parse(other, 1), other == name ? Is.Not.Null : Is.Null, other);
    }

    [Test]
    public void Disk_is_counted_in_blocks() => Assert.That(
        new long[] { 1, 4096, 4097 }.Select(size => new StoredNar(First, Second, "r", size).DiskSize), Is.EqualTo(new long[] { 4096, 4096, 8192 }));
}
