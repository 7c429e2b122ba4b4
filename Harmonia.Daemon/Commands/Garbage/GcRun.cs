using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>
/// One run of <c>gc</c>. Nix's CollectGarbage is all it needs: what is to be kept besides becomes temporary roots of this connection, which
/// every collector honours until the connection closes, and the free space becomes a limit on freed bytes.
/// </summary>
internal sealed class GcRun(GcWishes wishes, DaemonOptions options, DaemonClient daemon, GcProgress progress, TimeProvider time)
{
    private readonly StoreSnapshot _snapshot = new();

    /// <exception cref="IOException">The daemon is gone, or directories cannot be read.</exception>
    /// <exception cref="RemoteErrorException">The daemon refuses to collect.</exception>
    public async Task<GcReport> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DriveInfo disk = new(options.RealStoreDirectory);
        long? wanted = wishes.EnsureFree?.In(disk.TotalSize);
        IReadOnlyList<Generation> generations = await WorkOnGenerationsAsync(now, cancellationToken);
        long free = disk.AvailableFreeSpace;
        GcReport report = new() { IsDryRun = wishes.DryRun, Generations = generations, Free = free, FreeWanted = wanted, Missing = wanted - free };
        if (report.Missing <= 0)
        {
            return report;
        }

        report = report with { Limit = report.Missing is null || wishes.MaxFreed < report.Missing ? wishes.MaxFreed : report.Missing };
        (IReadOnlyList<string> dead, IReadOnlyList<string> kept) = await FindDeadAsync(now, cancellationToken);
        if (wishes.DryRun)
        {
            Foresight foresight = new(options, daemon, _snapshot, Advance);
            dead = [.. dead, .. await foresight.FindAsync(generations, dead, cancellationToken)];
        }

        progress.Say("reading sizes");
        report = report with { Paths = await WithSizesAsync(dead, cancellationToken), Kept = await WithSizesAsync(kept, cancellationToken) };
        if (!wishes.DryRun)
        {
            report = await DeleteAsync(report, cancellationToken);
        }

        report = report with { Free = disk.AvailableFreeSpace };
        return report.Paths.Count > 0 && !report.IsTooLittleFree
            ? report
            : report with { Roots = RootSummary.Of(await daemon.FindRootsAsync(cancellationToken)) };
    }

    private async Task<IReadOnlyList<Generation>> WorkOnGenerationsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (wishes.DeleteOlderThan is not Age age)
        {
            return [];
        }

        progress.Say("looking for old generations");
        OldGenerations search = new(now - age.Span, delete: !wishes.DryRun);
        return await search.FindAsync(OldGenerations.DirectoriesOf(options.StateDirectory), cancellationToken);
    }

    /// <summary>Makes what is to be kept live. Returns what is dead then, and what would be dead otherwise.</summary>
    private async Task<(IReadOnlyList<string> Dead, IReadOnlyList<string> Kept)> FindDeadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        progress.Say("looking for garbage");
        IReadOnlyList<string> dead = await ListDeadAsync(cancellationToken);
        if (wishes.KeepRecent is null && wishes.RootDirectories.Count == 0)
        {
            return (dead, []);
        }

        // Roots vanish at any time, so all recent paths are kept, and not only those that are garbage now.
        HashSet<StorePath> roots = RootDirectories.FindTargets(wishes.RootDirectories, options.StoreDirectory, cancellationToken);
        if (wishes.KeepRecent is Age age)
        {
            progress.Say("looking for recent paths");
            await _snapshot.AddAsync(daemon, await daemon.QueryAllValidPathsAsync(cancellationToken), Advance, cancellationToken);
            roots.UnionWith(_snapshot.Paths.Where(path => _snapshot.IsSince(path, now - age.Span)));
        }

        int done = 0;
        foreach (StorePath root in roots)
        {
            await daemon.AddTempRootAsync(root, cancellationToken);
            progress.Count("keeping", ++done, roots.Count);
        }

        IReadOnlyList<string> rest = await ListDeadAsync(cancellationToken);
        return (rest, [.. dead.Except(rest)]);
    }

    private async Task<IReadOnlyList<string>> ListDeadAsync(CancellationToken cancellationToken) =>
        (await daemon.CollectGarbageAsync(new CollectGarbageRequest { Action = GcAction.ReturnDead }, progress.Listen, cancellationToken)).Paths;

    private async Task<GcReport> DeleteAsync(GcReport report, CancellationToken cancellationToken)
    {
        progress.BeginDeletion(report.Paths.Count);

        // A collection goes on until more than this was freed, and deletes nothing for 0.
        ulong maxFreed = report.Limit is long limit ? (ulong)Math.Max(limit - 1, 1) : ulong.MaxValue;
        CollectGarbageRequest request = new() { Action = GcAction.DeleteDead, MaxFreed = maxFreed };
        CollectGarbageResult result = await daemon.CollectGarbageAsync(request, progress.Listen, cancellationToken);
        Dictionary<string, long?> sizes = report.Paths.ToDictionary(path => path.Path, path => path.NarSize);
        return report with
        {
            BytesFreed = (long)result.BytesFreed,
            Paths = [.. result.Paths.Select(path => new GarbagePath(path, sizes.GetValueOrDefault(path)))],
        };
    }

    private async Task<IReadOnlyList<GarbagePath>> WithSizesAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        List<StorePath?> parsed = [.. paths.Select(path => options.StoreDirectory.TryParsePath(path, out StorePath? store) ? store : null)];
        await _snapshot.AddAsync(daemon, [.. parsed.OfType<StorePath>()], Advance, cancellationToken);
        return [.. paths.Zip(parsed, (path, store) => new GarbagePath(path, store is null ? null : _snapshot.FindNarSize(store)))];
    }

    private void Advance(int done, int total) => progress.Count("reading the database", done, total);
}
