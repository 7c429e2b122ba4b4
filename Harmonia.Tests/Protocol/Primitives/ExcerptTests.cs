using Harmonia.Protocol.Primitives;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Primitives;

public sealed class ExcerptTests
{
    [Test]
    public void Short_text_is_quoted() => Assert.That(Excerpt.Of("a b"), Is.EqualTo("'a b'"));

    [Test]
    public void Empty_text_is_quoted() => Assert.That(Excerpt.Of(""), Is.EqualTo("''"));

    [Test]
    public void Control_characters_do_not_reach_a_terminal() => Assert.That(Excerpt.Of("\e[2J\n\0"), Is.EqualTo("'\ufffd[2J\ufffd\ufffd'"));

    [Test]
    public void Long_text_is_cut()
    {
        Assert.That(Excerpt.Of(new string('x', Excerpt.MaxLength)), Is.EqualTo($"'{new string('x', Excerpt.MaxLength)}'"));
        Assert.That(Excerpt.Of(new string('x', 100_000)), Is.EqualTo($"'{new string('x', Excerpt.MaxLength)}…'"));
    }
}
