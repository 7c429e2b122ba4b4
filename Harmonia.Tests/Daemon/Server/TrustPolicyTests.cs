using Harmonia.Daemon.Server;
using Harmonia.Protocol.Messages;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Server;

public sealed class TrustPolicyTests
{
    [TestCase(0u, Trust.Trusted, TestName = "Root_is_trusted")]
    [TestCase(1000u, Trust.Trusted, TestName = "The_user_of_the_daemon_is_trusted")]
    [TestCase(1001u, Trust.NotTrusted, TestName = "Any_other_user_is_not")]
    [TestCase(uint.MaxValue, Trust.NotTrusted, TestName = "A_user_the_kernel_does_not_know_is_not")]
    public void Trust_depends_on_the_user(uint user, Trust trust) =>
        Assert.That(new TrustPolicy(1000).Decide(new PeerCredentials(1, user, 0)), Is.EqualTo(trust));
}
