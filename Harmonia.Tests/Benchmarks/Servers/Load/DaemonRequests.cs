using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Benchmarks.Servers.Load;

/// <summary>Requests to a daemon that caches never send.</summary>
internal static class DaemonRequests
{
    /// <summary>How many paths a garbage collection would delete.</summary>
    public static Task<int> CountDeadAsync(this DaemonClient client, CancellationToken cancellationToken) => client.Connection.RequestAsync(
        Operation.CollectGarbage,
        0,
        static (writer, context, _) =>
        {
            writer.WriteUInt64((ulong)GcAction.ReturnDead);

            // The whole store: a flag, or an empty set. Then: don't ignore liveness, no limit, three obsolete numbers.
            writer.WriteUInt64(context.Features.Contains(ProtocolFeatures.DeleteDeadSpecificReferrers) ? 1UL : 0UL);
            writer.WriteBool(false);
            writer.WriteUInt64(ulong.MaxValue);
            for (int n = 0; n < 3; n++)
                writer.WriteUInt64(0);
        },
        static async (reader, _, cancellation) =>
        {
            int count = await reader.ReadCountAsync(WireLimits.StorePaths, cancellation);
            for (int n = 0; n < count; n++)
                await reader.ReadBytesAsync(WireLimits.StorePath, cancellation);
            await reader.ReadUInt64Async(cancellation);
            await reader.ReadUInt64Async(cancellation);
            return count;
        },
        cancellationToken);

    /// <summary>Adds a file of some hundred bytes.</summary>
    public static Task<StorePath> AddTextAsync(this DaemonClient client, string name, CancellationToken cancellationToken) => client.Connection.RequestAsync(
        Operation.AddTextToStore,
        name,
        static (writer, context, name) =>
        {
            writer.WriteString(name);
            writer.WriteString(string.Concat(Enumerable.Repeat($"{name}\n", 20)));
            StorePathCodec.WriteSet(writer, context, []);
        },
        StorePathCodec.ReadAsync,
        cancellationToken);
}
