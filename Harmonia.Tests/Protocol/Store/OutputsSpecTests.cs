using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class OutputsSpecTests
{
    [TestCase("*", "*")]
    [TestCase("out", "out")]
    [TestCase("out,dev,out", "dev,out")]
    public void Text_comes_back_in_order(string text, string expected)
    {
        Assert.That(OutputsSpec.TryParse(text, out OutputsSpec? outputs));
        Assert.That(outputs!.ToString(), Is.EqualTo(expected));
        Assert.That(outputs, Is.EqualTo(expected == "*" ? OutputsSpec.All : OutputsSpec.Of(expected.Split(','))));
    }

    [TestCase("")]
    [TestCase(",")]
    [TestCase("out,")]
    [TestCase("out,*")]
    [TestCase("**")]
    [TestCase("a b")]
    [TestCase("out!dev")]
    public void Anything_else_is_refused(string text) => Assert.That(OutputsSpec.TryParse(text, out _), Is.False);

    [Test]
    public void Names_are_a_set()
    {
        Assert.That(OutputsSpec.Of("out", "dev"), Is.EqualTo(OutputsSpec.Of("dev", "out", "dev")));
        Assert.That(OutputsSpec.Of("out", "dev").GetHashCode(), Is.EqualTo(OutputsSpec.Of("dev", "out").GetHashCode()));
        Assert.That(OutputsSpec.Of("out"), Is.Not.EqualTo(OutputsSpec.All));
        Assert.That(OutputsSpec.All.IsAll, Is.True);
        Assert.That(OutputsSpec.Of("out").IsAll, Is.False);
        Assert.That(() => OutputsSpec.Of(), Throws.TypeOf<FormatException>());
        Assert.That(() => OutputsSpec.Of("a/b"), Throws.TypeOf<FormatException>());
    }
}
