using Harmonia.Cache.Http;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class ErrorStatusTests
{
    [Test]
    public void A_daemon_that_is_away_silent_or_wrong_is_503()
    {
        Assert.That(ErrorStatus.For(new DaemonUnavailableException("away")).Status, Is.EqualTo(503));
        Assert.That(ErrorStatus.For(new DaemonPoolExhaustedException("busy")).Status, Is.EqualTo(503));
        Assert.That(ErrorStatus.For(new TimeoutException()).Status, Is.EqualTo(503));
        Assert.That(ErrorStatus.For(new WireException("nonsense")).Status, Is.EqualTo(503));
        Assert.That(ErrorStatus.For(Remote("database is locked")).Status, Is.EqualTo(503));
    }

    [Test]
    public void A_path_that_the_daemon_calls_invalid_is_404() =>
        Assert.That(ErrorStatus.For(Remote("path '\u001b[35;1m/nix/store/x\u001b[0m' is not valid")).Status, Is.EqualTo(404));

    [Test]
    public void Files_that_cannot_be_read_are_404() =>
        Assert.That(ErrorStatus.For(new FileNotFoundException()).Status, Is.EqualTo(404));

    [Test]
    public void Anything_unforeseen_is_500() =>
        Assert.That(ErrorStatus.For(new InvalidOperationException("a bug")).Status, Is.EqualTo(500));

    private static RemoteErrorException Remote(string message) => new(new RemoteError { Message = message });
}
