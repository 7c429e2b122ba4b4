using System.Collections.Concurrent;
using Harmonia.Daemon.Building;
using Harmonia.Daemon.Maintenance;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Verifies the store once. No garbage collection starts meanwhile. Nix: src/libstore/local-store.cc, LocalStore::verifyStore.
/// </summary>
internal sealed class StoreVerification(OperationContext context, Activity activity, VerifyStoreRequest request)
{
    private readonly ConcurrentQueue<StorePath> _broken = new();
    private readonly ContentCheck _check = new(context.Store.Database, context.Store.Files, context.Store.Registry);
    private volatile bool _hasErrors;

    /// <summary>Returns whether an error is left that was not repaired.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await LogAsync(LogLevel.Info, "reading the Nix store...", cancellationToken);
        using IDisposable protection = await context.Store.TempRoots.ProtectAllAsync(
            () => LogAsync(LogLevel.Info, "waiting for the big garbage collector lock...", cancellationToken), cancellationToken);
        await LogAsync(LogLevel.Info, "checking path existence...", cancellationToken);
        IReadOnlyList<StorePath> present = await CheckExistenceAsync(cancellationToken);
        if (request.CheckContents)
        {
            await LogAsync(LogLevel.Info, "checking link hashes...", cancellationToken);
            await CheckLinksAsync(cancellationToken);
            await LogAsync(LogLevel.Info, "checking store hashes...", cancellationToken);
            await activity.ForEachAsync(present.ToAsyncEnumerable(), present.Count, CheckAsync, cancellationToken);
        }

        foreach (StorePath path in _broken)
        {
            _hasErrors |= !(request.Repair && await RepairAsync(path, cancellationToken));
        }

        return _hasErrors;
    }

    private async Task<IReadOnlyList<StorePath>> CheckExistenceAsync(CancellationToken cancellationToken)
    {
        ILookup<bool, StorePath> paths = context.Store.Database.QueryAllValidPaths().ToLookup(context.Store.Files.Exists);
        VanishedPaths vanished = new(context.Store.Database, context.Store.Files, context.Store.Registry);
        foreach ((StorePath path, bool isRemoved) in vanished.Remove([.. paths[false]]))
        {
            if (isRemoved)
            {
                await LogAsync(LogLevel.Info, $"path '{Print(path)}' disappeared, removing from database...", cancellationToken);
            }
            else
            {
                await FailAsync(path, $"path '{Print(path)}' disappeared, but it still has valid referrers!", cancellationToken);
            }
        }

        return [.. paths[true]];
    }

    private async Task CheckLinksAsync(CancellationToken cancellationToken)
    {
        using LinksDirectory links = LinksDirectory.Open(context.Store.Files.RealDirectory);
        IReadOnlyList<byte[]> names = links.Names();
        await activity.ForEachAsync(names.ToAsyncEnumerable(), names.Count, CheckAsync, cancellationToken);

        async Task CheckAsync(byte[] name, CancellationToken stop)
        {
            if (links.FindHash(name, stop) is not NarHash hash || LinksDirectory.NameOf(hash).AsSpan().SequenceEqual(name))
            {
                return;
            }

            await LogAsync(LogLevel.Error, $"link '{links.Describe(name)}' was modified! its hash is '{hash.ToBase32()}'", stop);
            if (request.Repair)
            {
                links.Remove(name);
                await LogAsync(LogLevel.Info, $"removed link '{links.Describe(name)}'", stop);
            }
            else
            {
                _hasErrors = true;
            }
        }
    }

    private async Task CheckAsync(StorePath path, CancellationToken cancellationToken)
    {
        await LogAsync(LogLevel.Talkative, $"checking contents of '{Print(path)}'", cancellationToken);
        ContentVerdict verdict = _check.Check(path, cancellationToken);
        if (verdict.Problem is not null)
        {
            await FailAsync(path, verdict.Problem, cancellationToken);
        }

        if (verdict.Change is not null)
        {
            await LogAsync(LogLevel.Info, verdict.Change, cancellationToken);
        }
    }

    private async Task FailAsync(StorePath path, string problem, CancellationToken cancellationToken)
    {
        _broken.Enqueue(path);
        await LogAsync(LogLevel.Error, problem, cancellationToken);
        await activity.ReportAsync(ResultType.CorruptedPath, [Print(path)], cancellationToken);
        await activity.FailAsync(cancellationToken);
    }

    /// <summary>
    /// Has the build delegate substitute or build the path again and checks the result. False if the path is still corrupt.
    /// </summary>
    private async Task<bool> RepairAsync(StorePath path, CancellationToken cancellationToken)
    {
        string? failure = "this daemon has no source for it; delete it, or add it again; "
            + "set build_delegate = \"/path/to/nix-store\" in the configuration to let a local Nix substitute or build it";
        if (context.Store.Delegate is BuildDelegate builder)
        {
            DelegateOutcome outcome = await DelegateRun.RunAsync(
                builder, ["--repair-path", .. DelegateOptions.Of(context.Client.Options), Print(path)], context.Client, cancellationToken);
            failure = outcome.IsSuccess ? _check.Check(path, cancellationToken).Problem : outcome.Failure.ErrorMessage;
        }

        if (failure is not null)
        {
            await LogAsync(LogLevel.Error, $"cannot repair path '{Print(path)}': {failure}", cancellationToken);
        }

        return failure is null;
    }

    private Task LogAsync(LogLevel level, string text, CancellationToken cancellationToken) => activity.LogAsync(level, text, cancellationToken);

    private string Print(StorePath path) => context.Client.Messages.StoreDirectory.Print(path);
}
