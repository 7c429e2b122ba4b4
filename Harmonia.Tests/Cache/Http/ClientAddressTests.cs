using System.Net;
using Harmonia.Cache.Http;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class ClientAddressTests
{
    private static readonly IPNetwork[] Proxies = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("::1/128")];

    [TestCase("192.0.2.7", "198.51.100.1", "192.0.2.7", Description = "Anybody can send the header.")]
    [TestCase("10.0.0.1", "198.51.100.1", "198.51.100.1")]
    [TestCase("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1")]
    [TestCase("::1", "2001:db8::5", "2001:db8::5")]
    [TestCase("10.0.0.1", "[2001:db8::5]:443", "2001:db8::5")]
    [TestCase("10.0.0.1", "198.51.100.1:5555", "198.51.100.1")]
    [TestCase("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.2.3.4", "198.51.100.1", Description = "What stands before it is hearsay.")]
    [TestCase("10.0.0.1", "10.9.9.9", "10.9.9.9")]
    [TestCase("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1")]
    [TestCase("10.0.0.1", "", "10.0.0.1")]
    [TestCase("10.0.0.1", null, "10.0.0.1")]
    [TestCase(null, "198.51.100.1", "198.51.100.1", Description = "Whoever may open the Unix socket is a proxy.")]
    [TestCase(null, null, "unix")]
    public void The_client_is_the_first_that_no_trusted_proxy_is(string? peer, string? forwarded, string client)
    {
        DefaultHttpContext context = Context(peer, forwarded);

        Assert.That(new ClientAddress(Proxies).Of(context), Is.EqualTo(client));
    }

    [TestCase("10.0.0.1", "10.0.0.1")]
    [TestCase(null, "unix")]
    public void Without_trusted_proxies_the_header_is_ignored(string? peer, string client) =>
        Assert.That(new ClientAddress([]).Of(Context(peer, "198.51.100.1")), Is.EqualTo(client));

    private static DefaultHttpContext Context(string? peer, string? forwarded)
    {
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        if (forwarded is not null)
            context.Request.Headers["X-Forwarded-For"] = forwarded;
        return context;
    }
}
