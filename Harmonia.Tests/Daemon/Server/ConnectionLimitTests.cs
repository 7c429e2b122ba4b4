using Harmonia.Daemon.Server;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Server;

public sealed class ConnectionLimitTests
{
    [TestCase(4096, 524_288ul, 4096, TestName = "A_usual_limit_of_files_allows_what_is_configured")]
    [TestCase(4096, ulong.MaxValue, 4096, TestName = "No_limit_of_files_allows_what_is_configured")]
    [TestCase(4096, 1024ul, 96, TestName = "A_low_limit_of_files_allows_fewer")]
    [TestCase(10, 1024ul, 10, TestName = "What_is_configured_is_never_exceeded")]
    [TestCase(4096, 100ul, 1, TestName = "One_client_is_always_served")]
    public void The_smaller_of_both_counts(int configured, ulong openFileLimit, int expected) =>
        Assert.That(ConnectionLimit.Of(configured, openFileLimit), Is.EqualTo(expected));
}
