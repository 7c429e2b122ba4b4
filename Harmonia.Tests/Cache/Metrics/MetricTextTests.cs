using System.Text;
using Harmonia.Cache.Metrics;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Metrics;

public sealed class MetricTextTests
{
    [Test]
    public void Label_values_are_escaped() => Assert.That(
            MetricLabels.Format(("a", "back\\slash \"quoted\"\nnext"), ("b", "plain")),
            Is.EqualTo("a=\"back\\\\slash \\\"quoted\\\"\\nnext\",b=\"plain\""));

    [Test]
    public void Help_is_escaped_and_samples_follow_it()
    {
        MetricText text = new();
        text.Family("name", "gauge", "two\nlines \\");
        text.Sample("name", MetricLabels.None, 1L);
        text.Sample("name", MetricLabels.Format(("a", "b")), 0.5);

        Assert.That(
            Encoding.UTF8.GetString(text.ToUtf8()),
            Is.EqualTo("# HELP name two\\nlines \\\\\n# TYPE name gauge\nname 1\nname{a=\"b\"} 0.5\n"));
    }

    [TestCase(0.0001, "0.0001")]
    [TestCase(1, "1")]
    [TestCase(double.PositiveInfinity, "+Inf")]
    [TestCase(double.NegativeInfinity, "-Inf")]
    [TestCase(double.NaN, "NaN")]
    public void Numbers_are_spelled_as_Prometheus_reads_them(double value, string spelling) =>
        Assert.That(MetricText.Number(value), Is.EqualTo(spelling));
}
