using Harmonia.Benchmarks.Servers.Commands;
using NUnit.Framework;

namespace Harmonia.Tests.BenchmarkTests;

public sealed class PeerTests
{
    [TestCase("other=http://127.0.0.1:8080=4711", "other", "http://127.0.0.1:8080", 4711)]
    [TestCase("other=https://localhost/=1", "other", "https://localhost", 1)]
    [TestCase("a b=http://localhost/?x=y=2", "a b", "http://localhost/?x=y", 2)]
    public void Peer_has_a_name_a_URL_and_a_process(string text, string name, string url, int process)
    {
        Assert.That(Peer.TryParse(text, out Peer? peer), Is.True);
        Assert.That(peer, Is.EqualTo(new Peer(name, url, process)));
    }

    [TestCase("")]
    [TestCase("other")]
    [TestCase("other=http://localhost")]
    [TestCase("=http://localhost=1")]
    [TestCase("other=localhost:80=1")]
    [TestCase("other=/nix/store=1")]
    [TestCase("other=http://localhost=")]
    [TestCase("other=http://localhost=0")]
    [TestCase("other=http://localhost=-1")]
    [TestCase("other=http://localhost=nginx")]
    [TestCase("http://localhost=1")]
    public void Anything_else_is_not_a_peer(string text) => Assert.That(Peer.TryParse(text, out _), Is.False);
}
