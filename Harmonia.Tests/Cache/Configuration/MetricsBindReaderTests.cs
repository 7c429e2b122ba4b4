using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Configuration;

public sealed class MetricsBindReaderTests
{
    [Test]
    public void An_address_is_read() =>
        Assert.That(
            MetricsBindReader.Read(ReaderOf("metrics_bind = \"127.0.0.1:9100\""), metrics: null),
            Is.EqualTo(new ListenAddress.Tcp("127.0.0.1", 9100)));

    [TestCase("9100", true, "metrics_bind: expected 'host:port'")]
    [TestCase("127.0.0.1:9100", false, "metrics_bind: has no effect while metrics is false")]
    public void What_makes_no_sense_stops_the_start(string text, bool metrics, string message)
    {
        ConfigurationReader reader = ReaderOf($"metrics_bind = \"{text}\"");
        MetricsBindReader.Read(reader, metrics);

        Assert.That(reader.Finish, Throws.TypeOf<ConfigurationException>().With.Message.Contains(message));
    }

    private static ConfigurationReader ReaderOf(string toml) => ConfigurationFile.Parse(toml, "file");
}
