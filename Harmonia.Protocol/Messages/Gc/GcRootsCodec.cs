using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>The reply to FindRoots.</summary>
public static class GcRootsCodec
{
    // Nix: src/libstore/daemon.cc, performOp, FindRoots
    //   u64 count · each: string link, path target

    /// <summary>Writes the reply in this order. Nix sorts by target, then by link.</summary>
    public static void Write(WireWriter writer, MessageContext context, IReadOnlyList<GcRoot> roots)
    {
        writer.WriteUInt64((ulong)roots.Count);
        foreach (GcRoot root in roots)
        {
            writer.WriteBytes(root.Link.Span);
            StorePathCodec.Write(writer, context, root.Target);
        }
    }

    /// <summary>Reads the reply.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<IReadOnlyList<GcRoot>> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.Roots, cancellationToken);
        List<GcRoot> roots = [];
        for (int i = 0; i < count; i++)
        {
            byte[] link = await reader.ReadBytesAsync(WireLimits.FilePath, cancellationToken);
            roots.Add(new GcRoot(link, await StorePathCodec.ReadAsync(reader, context, cancellationToken)));
        }

        return roots;
    }
}
