using System.Globalization;
using System.Runtime.CompilerServices;
using Harmonia.Daemon.Maintenance;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Hard-links files with equal contents in the whole store. Nix: src/libstore/optimise-store.cc.</summary>
internal static class OptimiseStore
{
    private const double MebiByte = 1 << 20;

    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        long files = 0;
        long bytes = 0;
        using (Activity activity = await Activity.StartAsync(context.Client, ActivityType.OptimiseStore, cancellationToken))
        using (LinksDirectory links = LinksDirectory.Open(context.Store.Files.RealDirectory))
        {
            PathOptimiser optimiser = new(links, links.LoadInodes(cancellationToken));
            IReadOnlyList<StorePath> paths = context.Store.Database.QueryAllValidPaths();
            await activity.ForEachAsync(ProtectedAsync(context, paths, cancellationToken), paths.Count, OptimiseAsync, cancellationToken);

            async Task OptimiseAsync(StorePath path, CancellationToken stop)
            {
                Optimisation result = optimiser.Optimise(path, stop);
                await ReportAsync(activity, result, stop);
                Interlocked.Add(ref files, result.Linked.Count);
                Interlocked.Add(ref bytes, result.Linked.Sum(file => (long)file.Bytes));
            }
        }

        string size = (bytes / MebiByte).ToString("F2", CultureInfo.InvariantCulture);
        context.Client.Log(LogLevel.Info, $"{size} MiB freed by hard-linking {files} files");
        context.Client.BeginReply().WriteUInt64(1);
    }

    /// <summary>The paths that are still valid once they are protected from the garbage collector.</summary>
    private static async IAsyncEnumerable<StorePath> ProtectedAsync(
        OperationContext context, IReadOnlyList<StorePath> paths, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (StorePath path in paths)
        {
            await context.AddTempRootAsync(path, cancellationToken);
            if (context.Store.Database.IsValidPath(path) && context.Store.Files.Exists(path))
            {
                yield return path;
            }
        }
    }

    private static async Task ReportAsync(Activity activity, Optimisation result, CancellationToken cancellationToken)
    {
        foreach (string warning in result.Warnings)
        {
            await activity.LogAsync(LogLevel.Warn, warning, cancellationToken);
        }

        foreach (string remark in result.Remarks)
        {
            await activity.LogAsync(LogLevel.Info, remark, cancellationToken);
        }

        foreach (LinkedFile file in result.Linked)
        {
            await activity.ReportAsync(ResultType.FileLinked, [file.Bytes, file.Blocks], cancellationToken);
        }
    }
}
