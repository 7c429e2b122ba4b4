using Harmonia.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

public sealed class TreeIdentityTests
{
    [Test]
    public void Stays_while_nothing_happens_to_the_root()
    {
        using ByteTree tree = SampleTrees.Varied();
        TreeIdentity before = TreeIdentity.Of(tree.PathBytes);

        Assert.That(TreeIdentity.Of([.. tree.PathBytes, (byte)'/']), Is.EqualTo(before));
    }

    [Test]
    public void Changes_when_the_root_is_replaced_by_its_equal()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        TreeIdentity before = TreeIdentity.Of(tree.PathBytes);
        Directory.CreateDirectory(tree.Beside("new"));
        Directory.Move(tree.Path, tree.Beside("old"));
        Directory.Move(tree.Beside("new"), tree.Path);

        Assert.That(TreeIdentity.Of(tree.PathBytes), Is.Not.EqualTo(before));
    }

    [Test]
    public void Changes_when_an_entry_of_the_root_is_added()
    {
        using ByteTree tree = ByteTree.WithDirectory();
        TreeIdentity before = TreeIdentity.Of(tree.PathBytes);
        tree.AddFile("new"u8, "x"u8);

        Assert.That(TreeIdentity.Of(tree.PathBytes), Is.Not.EqualTo(before));
    }

    [Test]
    public void Is_of_nothing_where_nothing_is() =>
        Assert.That(() => TreeIdentity.Of("/nonexistent/tree"u8), Throws.InstanceOf<FileNotFoundException>());
}
