using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>nix-daemon announces nothing: what the cache remembers holds for the greatest age.</summary>
[TestFixture]
public sealed class NixFreshAnswerTests : FreshAnswerTests
{
    private RealNixDaemon? _daemon;

    [TearDown]
    public void StopDaemon() => _daemon?.Dispose();

    private protected override Task<string> StartDaemonAsync()
    {
        _daemon = RealNixDaemon.Start(Store);
        return Task.FromResult(_daemon.SocketPath);
    }

    private protected override Task KillDaemonAsync()
    {
        _daemon!.Kill();
        return Task.CompletedTask;
    }

    private protected override Task RestartDaemonAsync()
    {
        _daemon!.Start();
        return Task.CompletedTask;
    }

    private protected override Task<bool> IsReadyAsync() => Task.FromResult(true);
}
