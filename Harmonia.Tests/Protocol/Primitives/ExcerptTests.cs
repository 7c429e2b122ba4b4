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

    // Text with half a surrogate pair could not be sent to a peer.
    [Test]
    public void Halves_of_surrogate_pairs_are_replaced()
    {
        Assert.That(Excerpt.Of("😀"), Is.EqualTo("'😀'"));
        Assert.That(Excerpt.Of("\ud83d"), Is.EqualTo("'\ufffd'"));
        Assert.That(Excerpt.Of(new string('x', Excerpt.MaxLength - 1) + "😀"), Does.EndWith("x\ufffd…'"));
    }

    [Test]
    public void Long_text_is_cut()
    {
        Assert.That(Excerpt.Of(new string('x', Excerpt.MaxLength)), Is.EqualTo($"'{new string('x', Excerpt.MaxLength)}'"));
        Assert.That(Excerpt.Of(new string('x', 100_000)), Is.EqualTo($"'{new string('x', Excerpt.MaxLength)}…'"));
    }
}
