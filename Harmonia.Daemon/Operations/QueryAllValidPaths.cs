using Harmonia.Daemon.Database;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>All valid paths, in as much memory for a large store as for a small one.</summary>
internal static class QueryAllValidPaths
{
    /// <summary>
    /// How long the client may read nothing: the database's log can't be emptied meanwhile. Arbitrary; a client that is only slow reads
    /// something in this time.
    /// </summary>
    private static readonly TimeSpan MaxStall = TimeSpan.FromMinutes(1);

    /// <summary>The paths between two extensions of the time.</summary>
    private const int Stride = 512;

    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        using AllPaths paths = context.Store.Database.ReadAllValidPaths();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        WireWriter writer = context.Client.BeginReply();
        writer.WriteUInt64((ulong)paths.Count);
        for (int n = 0; n < paths.Count && paths.Next(); n++)
        {
            if (n % Stride == 0)
            {
                limit.CancelAfter(MaxStall);
            }

            writer.WriteBytes(paths.Current);
            await writer.FlushIfLargeAsync(limit.Token);
        }
    }
}
