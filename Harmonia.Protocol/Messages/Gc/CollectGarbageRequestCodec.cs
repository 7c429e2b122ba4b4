using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>The request of CollectGarbage.</summary>
public static class CollectGarbageRequestCodec
{
    // Nix: src/libstore/daemon.cc, performOp, CollectGarbage; src/libstore/worker-protocol.cc, Serialise<GCOptions::GCPaths>
    //   u64 action
    //   · with delete-dead-specific-referrers: u64 whole store · if 0: set<path> paths, bool deleteReferrers
    //     without: set<path> paths (empty for the whole store, unless the action is to delete certain paths)
    //   · bool ignoreLiveness · u64 maxFreed · u64 0 · u64 0 · u64 0 (obsolete)

    /// <summary>Writes the request.</summary>
    public static void Write(WireWriter writer, MessageContext context, CollectGarbageRequest request)
    {
        writer.WriteUInt64((uint)request.Action);
        if (!HasReferrers(context))
        {
            StorePathCodec.WriteSet(writer, context, request.Paths ?? []);
        }
        else
        {
            writer.WriteBool(request.Paths is null);
            if (request.Paths is not null)
            {
                StorePathCodec.WriteSet(writer, context, request.Paths);
                writer.WriteBool(request.DeleteReferrers);
            }
        }

        writer.WriteBool(request.IgnoreLiveness);
        writer.WriteUInt64(request.MaxFreed);
        for (int i = 0; i < 3; i++)
        {
            writer.WriteUInt64(0);
        }
    }

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<CollectGarbageRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        byte action = await reader.ReadByteAsync(cancellationToken);
        if (action > (byte)GcAction.DeleteSpecific)
        {
            throw new WireException($"The action of a garbage collection is 0, 1, 2 or 3, not {action}.");
        }

        IReadOnlyList<StorePath>? paths = null;
        bool deleteReferrers = false;
        if (!HasReferrers(context))
        {
            paths = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken);
            paths = paths.Count == 0 && action != (byte)GcAction.DeleteSpecific ? null : paths;
        }
        else if (!await reader.ReadPresenceAsync(cancellationToken))
        {
            paths = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken);
            deleteReferrers = await reader.ReadBoolAsync(cancellationToken);
        }

        CollectGarbageRequest request = new()
        {
            Action = (GcAction)action,
            Paths = paths,
            DeleteReferrers = deleteReferrers,
            IgnoreLiveness = await reader.ReadBoolAsync(cancellationToken),
            MaxFreed = await reader.ReadUInt64Async(cancellationToken),
        };
        for (int i = 0; i < 3; i++)
        {
            _ = await reader.ReadUInt64Async(cancellationToken);
        }

        return request;
    }

    private static bool HasReferrers(MessageContext context) => context.Features.Contains(ProtocolFeatures.DeleteDeadSpecificReferrers);
}
