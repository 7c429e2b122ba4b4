using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Server;
using Harmonia.Protocol.Messages.Handshake;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Server;

public sealed class TrustPolicyTests
{
    private const uint Nobody = 65534;

    [TestCase(0u, Trust.Trusted, TestName = "Root_is_trusted")]
    [TestCase(987654u, Trust.Trusted, TestName = "The_user_of_the_daemon_is_trusted")]
    [TestCase(987655u, Trust.NotTrusted, TestName = "Any_other_user_is_not")]
    [TestCase(uint.MaxValue, Trust.NotTrusted, TestName = "A_user_the_kernel_does_not_know_is_not")]
    public void Trust_depends_on_the_user(uint user, Trust trust) =>
        Assert.That(TrustPolicy.Create(null, ["*"], "", 987654).Decide(new PeerCredentials(1, user, 987654)), Is.EqualTo(trust));

    [TestCase("nobody", Trust.Trusted)]
    [TestCase("@nogroup", Trust.Trusted)]
    [TestCase("*", Trust.Trusted)]
    [TestCase("@root", Trust.NotTrusted)]
    [TestCase("nogroup", Trust.NotTrusted)]
    [TestCase("@no-such-group", Trust.NotTrusted)]
    public void An_entry_names_a_user_a_group_or_everybody(string entry, Trust trust) =>
        Assert.That(new TrustPolicy([entry], ["*"]).Decide(new PeerCredentials(1, Nobody, Nobody)), Is.EqualTo(trust));

    [Test]
    public void Root_is_trusted_only_if_it_is_listed() =>
        Assert.That(new TrustPolicy(["nobody"], ["*"]).Decide(new PeerCredentials(1, 0, 0)), Is.EqualTo(Trust.NotTrusted));

    [Test]
    public void Who_builds_may_not_connect_not_even_if_listed()
    {
        TrustPolicy policy = new(["*"], ["*"], "nogroup");

        Assert.That(policy.Decide(new PeerCredentials(1, 1, Nobody)), Is.Null);
        Assert.That(policy.Decide(new PeerCredentials(1, Nobody, 1)), Is.EqualTo(Trust.Trusted), "only the primary group counts");
    }

    [Test]
    public void Who_is_neither_allowed_nor_trusted_may_not_connect()
    {
        TrustPolicy policy = new(["root"], ["daemon"]);

        Assert.That(policy.Decide(new PeerCredentials(1, Nobody, Nobody)), Is.Null);
        Assert.That(policy.Decide(new PeerCredentials(1, 1, 1)), Is.EqualTo(Trust.NotTrusted));
        Assert.That(policy.Decide(new PeerCredentials(1, 0, 0)), Is.EqualTo(Trust.Trusted));
    }
}
