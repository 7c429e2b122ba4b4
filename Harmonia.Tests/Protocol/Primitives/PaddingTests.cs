using Harmonia.Protocol.Primitives;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Primitives;

public sealed class PaddingTests
{
    [TestCase(0, 0)]
    [TestCase(1, 7)]
    [TestCase(7, 1)]
    [TestCase(8, 0)]
    [TestCase(9, 7)]
    [TestCase(long.MaxValue, 1)]
    public void Padding_fills_up_to_a_multiple_of_eight(long length, int expected) => Assert.That(Padding.Of(length), Is.EqualTo(expected));
}
