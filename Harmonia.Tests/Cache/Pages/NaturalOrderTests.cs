using System.Text;
using Harmonia.Cache.Pages;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

public sealed class NaturalOrderTests
{
    [TestCase("a2", "a10")]
    [TestCase("1.9", "1.10")]
    [TestCase("lib.so.1", "lib.so.1.2")]
    [TestCase("B", "b")]
    [TestCase("a", "B")]
    [TestCase("b", "C")]
    [TestCase("a01", "a1")]
    [TestCase("a01", "a2")]
    [TestCase("a1b", "a1c")]
    [TestCase("", "a")]
    [TestCase("9999999999999999999999", "10000000000000000000000")]
    public void The_first_comes_before_the_second(string first, string second)
    {
        Assert.That(Compare(first, second), Is.Negative);
        Assert.That(Compare(second, first), Is.Positive);
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public bool Any_three_names_have_one_order(byte[] first, byte[] second, byte[] third)
    {
        // Few different bytes, so that names are often alike.
        ReadOnlyMemory<byte>[] names = [.. new[] { first, second, third }.Select(Narrow)];
        ReadOnlyMemory<byte>[] sorted = [.. names.Order(NaturalOrder.Instance)];
        return NaturalOrder.Instance.Compare(sorted[0], sorted[1]) <= 0
            && NaturalOrder.Instance.Compare(sorted[1], sorted[2]) <= 0
            && NaturalOrder.Instance.Compare(sorted[0], sorted[2]) <= 0
            && Math.Sign(NaturalOrder.Instance.Compare(names[0], names[1])) == -Math.Sign(NaturalOrder.Instance.Compare(names[1], names[0]))
            && (NaturalOrder.Instance.Compare(names[0], names[1]) == 0) == names[0].Span.SequenceEqual(names[1].Span);
    }

    private static ReadOnlyMemory<byte> Narrow(byte[] name) => name.Select(value => (byte)"0129aAbBz."[value % 10]).ToArray();

    private static int Compare(string first, string second) =>
        NaturalOrder.Instance.Compare(Encoding.UTF8.GetBytes(first), Encoding.UTF8.GetBytes(second));
}
