using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>The reply to AwaitStoreChange.</summary>
public static class StoreChangeCodec
{
    // Harmonia's own
    //   with harmonia-cache-2: u64 generation · u64 1 (any path), or u64 0 · list of strings of 32 digits
    //   before:                u64 generation · u64 1 (any path), or u64 0 · set<path> paths

    /// <summary>Writes the reply. Before harmonia-cache-2, a change of any path stands for a change of some.</summary>
    public static void Write(WireWriter writer, MessageContext context, StoreChange change)
    {
        bool isAny = change.HashParts is null || (change.HashParts.Count > 0 && !context.HarmoniaChanges);
        writer.WriteUInt64(change.Generation);
        writer.WriteBool(isAny);
        if (!isAny)
        {
            StorePathHashCodec.WriteList(writer, change.HashParts!);
        }
    }

    /// <summary>Reads the reply.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<StoreChange> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        ulong generation = await reader.ReadUInt64Async(cancellationToken);
        if (await reader.ReadPresenceAsync(cancellationToken))
        {
            return new StoreChange(generation, null);
        }

        return new StoreChange(
            generation,
            context.HarmoniaChanges
                ? await StorePathHashCodec.ReadListAsync(reader, WireLimits.ChangedPaths, cancellationToken)
                : [.. (await StorePathCodec.ReadSetAsync(reader, context, cancellationToken)).Select(path => path.Hash)]);
    }
}
