using System.Net;
using System.Net.Sockets;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Hosting;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

public sealed class ListenersTests
{
    [Test]
    public void Every_IPv6_address_means_every_IPv4_address_too()
    {
        using Listeners listeners = Bind("::", 0);
        IPEndPoint endPoint = (IPEndPoint)listeners.EndPoints.Single();
        using Socket socket = listeners.Take(endPoint);
        socket.Listen();
        using TcpClient client = new(AddressFamily.InterNetwork);

        Assert.That(() => client.Connect(IPAddress.Loopback, endPoint.Port), Throws.Nothing);
    }

    [Test]
    public void A_name_is_bound_on_all_its_addresses()
    {
        using Listeners listeners = Bind("localhost", 0);

        Assert.That(
            listeners.EndPoints.Cast<IPEndPoint>().Select(endPoint => endPoint.Address), Is.EquivalentTo(Dns.GetHostAddresses("localhost")));
    }

    [Test]
    public void A_port_in_use_is_one_sentence()
    {
        using Listeners first = Bind("127.0.0.1", 0);
        int port = ((IPEndPoint)first.EndPoints.Single()).Port;
        using Socket socket = first.Take(first.EndPoints.Single());
        socket.Listen();

        Assert.That(
            () => Bind("127.0.0.1", port),
            Throws.TypeOf<ListenException>().With.Message.EqualTo($"cannot listen on 127.0.0.1:{port}: Address already in use"));
    }

    [Test]
    public void An_address_of_another_machine_is_one_sentence() =>
        Assert.That(
            () => Bind("192.0.2.1", 1),
            Throws.TypeOf<ListenException>().With.Message.StartsWith("cannot listen on 192.0.2.1:1: "));

    [Test]
    public void A_name_without_an_address_is_one_sentence() =>
        Assert.That(
            () => Bind("name.invalid", 1),
            Throws.TypeOf<ListenException>().With.Message.StartsWith("cannot listen on name.invalid:1: "));

    [Test]
    public void A_socket_is_handed_over_once()
    {
        using Listeners listeners = Bind("127.0.0.1", 0);
        listeners.Take(listeners.EndPoints[0]).Dispose();

        Assert.That(() => listeners.Take(listeners.EndPoints[0]), Throws.InvalidOperationException);
    }

    private static Listeners Bind(string host, int port) => Listeners.Bind([new ListenAddress.Tcp(host, port)], UnixFileMode.None);
}
