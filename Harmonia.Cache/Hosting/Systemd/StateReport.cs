namespace Harmonia.Cache.Hosting.Systemd;

/// <summary>Says READY when the server answers and STOPPING when it begins to drain.</summary>
public sealed class StateReport(ServiceNotifier notifier, IHostApplicationLifetime lifetime) : IHostedService
{
    private CancellationTokenRegistration _started;
    private CancellationTokenRegistration _stopping;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _started = lifetime.ApplicationStarted.Register(() => notifier.Ready("Serving"));
        _stopping = lifetime.ApplicationStopping.Register(notifier.Stopping);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _started.Dispose();
        _stopping.Dispose();
        return Task.CompletedTask;
    }
}
