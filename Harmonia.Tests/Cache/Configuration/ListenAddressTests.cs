using FsCheck;
using Harmonia.Cache.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Configuration;

public sealed class ListenAddressTests
{
    [TestCase("[::]:5000", "::", 5000)]
    [TestCase("[::1]:0", "::1", 0)]
    [TestCase("127.0.0.1:65535", "127.0.0.1", 65535)]
    [TestCase("localhost:80", "localhost", 80)]
    [TestCase("cache.example.com:5000", "cache.example.com", 5000)]
    public void A_host_and_a_port_are_TCP(string text, string host, int port)
    {
        Assert.That(ListenAddress.TryParse(text, out ListenAddress? address, out _));
        Assert.That(address, Is.EqualTo(new ListenAddress.Tcp(host, port)));
        Assert.That(address!.ToString(), Is.EqualTo(text));
    }

    [TestCase("unix:/run/harmonia/socket", "/run/harmonia/socket")]
    [TestCase("unix:///run/harmonia/socket", "/run/harmonia/socket")]
    [TestCase("unix:socket", "socket")]
    public void A_path_after_unix_is_a_socket(string text, string path)
    {
        Assert.That(ListenAddress.TryParse(text, out ListenAddress? address, out _));
        Assert.That(address, Is.EqualTo(new ListenAddress.Unix(path)));
    }

    [TestCase("")]
    [TestCase("5000")]
    [TestCase(":5000")]
    [TestCase("localhost")]
    [TestCase("localhost:")]
    [TestCase("localhost:http")]
    [TestCase("localhost:-1")]
    [TestCase("localhost:65536")]
    [TestCase("localhost: 80")]
    [TestCase("::1:5000")]
    [TestCase("[localhost]:5000")]
    [TestCase("[127.0.0.1]:5000")]
    [TestCase("http://localhost:5000")]
    [TestCase("unix:")]
    [TestCase("unix://")]
    [TestCase("unix://host/path")]
    [TestCase("unix:/a\0b")]
    public void Anything_else_is_refused_with_what_was_expected(string text)
    {
        Assert.That(ListenAddress.TryParse(text, out _, out string? problem), Is.False);
        Assert.That(problem, Does.Contain("expected"));
    }

    [Test]
    public void A_socket_path_has_at_most_107_bytes()
    {
        Assert.That(ListenAddress.TryParse($"unix:/{new string('a', 106)}", out _, out _));
        Assert.That(ListenAddress.TryParse($"unix:/{new string('a', 107)}", out _, out _), Is.False);
        Assert.That(ListenAddress.TryParse($"unix:/{new string('ä', 54)}", out _, out _), Is.False);
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public bool Any_text_is_an_address_or_refused(NonNull<string> text) =>
        ListenAddress.TryParse(text.Get, out ListenAddress? address, out string? problem)
            ? address is not null && problem is null
            : address is null && problem is not null;
}
