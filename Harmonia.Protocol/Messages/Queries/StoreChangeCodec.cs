using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>The reply to AwaitStoreChange.</summary>
public static class StoreChangeCodec
{
    // Harmonia's own
    //   u64 generation · u64 1 (any path), or u64 0 · set<path> paths

    /// <summary>Writes the reply.</summary>
    public static void Write(WireWriter writer, MessageContext context, StoreChange change)
    {
        writer.WriteUInt64(change.Generation);
        writer.WriteBool(change.Paths is null);
        if (change.Paths is not null)
        {
            StorePathCodec.WriteSet(writer, context, change.Paths);
        }
    }

    /// <summary>Reads the reply.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<StoreChange> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        ulong generation = await reader.ReadUInt64Async(cancellationToken);
        bool any = await reader.ReadPresenceAsync(cancellationToken);
        IReadOnlyList<StorePath>? paths =
            any ? null : await StorePathCodec.ReadSetAsync(reader, context, cancellationToken);
        return new StoreChange(generation, paths);
    }
}
