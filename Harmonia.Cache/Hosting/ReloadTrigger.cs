namespace Harmonia.Cache.Hosting;

/// <summary>
/// Reloads at SIGHUP and when one of the files has changed. The files are checked, not watched: programs that renew certificates replace
/// files and links, which inotify follows badly.
/// </summary>
public sealed class ReloadTrigger(Reloader reloader, SighupSignal sighup)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Reloads until the token is canceled.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval);
        string stamp = Stamp();
        Task signalled = sighup.WaitAsync(stoppingToken);
        Task ticked = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        while (!stoppingToken.IsCancellationRequested)
        {
            Task first = await Task.WhenAny(signalled, ticked);
            await first;
            bool isAsked = first == signalled;
            if (isAsked)
                signalled = sighup.WaitAsync(stoppingToken);
            else
                ticked = timer.WaitForNextTickAsync(stoppingToken).AsTask();

            string now = Stamp();
            if (!isAsked && now == stamp)
                continue;
            // Files that are being written change again and are read again.
            stamp = now;
            reloader.Reload();
        }
    }

    private string Stamp() => string.Join('\n', reloader.Files.Select(Stamp));

    private static string Stamp(string file)
    {
        try
        {
            FileSystemInfo target = File.ResolveLinkTarget(file, returnFinalTarget: true) ?? new FileInfo(file);
            return $"{target.FullName} {target.LastWriteTimeUtc.Ticks}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is being replaced. The reload reports it if it stays missing.
            return $"{file} {exception.GetType().Name}";
        }
    }
}
