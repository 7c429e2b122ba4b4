using Harmonia.Benchmarks.Servers.Reports;
using NUnit.Framework;

namespace Harmonia.Tests.BenchmarkTests;

public sealed class FiguresTests
{
    [TestCase(new double[] { 3 }, 3)]
    [TestCase(new double[] { 9, 1, 2 }, 2)]
    [TestCase(new double[] { 4, 1, 10, 2 }, 3)]
    public void Median_is_the_middle_of_the_sorted_values(double[] values, double median) => Assert.That(Figures.Median(values), Is.EqualTo(median));

    [Test]
    public void Nothing_has_no_median() => Assert.That(() => Figures.Median([]), Throws.ArgumentException);

    [TestCase(0, "0.00")]
    [TestCase(0.987, "0.99")]
    [TestCase(9.994, "9.99")]
    [TestCase(10, "10.0")]
    [TestCase(99.94, "99.9")]
    [TestCase(100, "100")]
    [TestCase(74466.4, "74466")]
    public void Numbers_have_three_digits(double number, string text) => Assert.That(Figures.Short(number), Is.EqualTo(text));

    [TestCase(0, "")]
    [TestCase(12.34, "12.3 µs")]
    [TestCase(999, "999 µs")]
    [TestCase(1000, "1.00 ms")]
    [TestCase(27_300, "27.3 ms")]
    public void Times_have_a_unit(double microseconds, string text) => Assert.That(Figures.Time(microseconds), Is.EqualTo(text));
}
