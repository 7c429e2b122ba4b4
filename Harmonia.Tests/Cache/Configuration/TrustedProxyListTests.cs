using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Configuration;

public sealed class TrustedProxyListTests
{
    [Test]
    public void Addresses_and_networks_are_read()
    {
        ConfigurationReader reader = ConfigurationFile.Parse("""trusted_proxies = ["10.0.0.0/8", "192.0.2.1", "::1", "fd00::/8"]""", "file");

        Assert.That(
            TrustedProxyList.Read(reader)?.Select(network => network.ToString()),
            Is.EqualTo((string[])["10.0.0.0/8", "192.0.2.1/32", "::1/128", "fd00::/8"]));
        Assert.That(reader.Finish, Throws.Nothing);
    }

    [TestCase("10.0.0.0/33")]
    [TestCase("proxy.example.org")]
    [TestCase("")]
    public void Anything_else_stops_the_start(string text)
    {
        ConfigurationReader reader = ConfigurationFile.Parse($"trusted_proxies = [\"{text}\"]", "file");
        TrustedProxyList.Read(reader);

        Assert.That(reader.Finish, Throws.TypeOf<ConfigurationException>().With.Message.Contains("trusted_proxies: expected an address or a network"));
    }
}
