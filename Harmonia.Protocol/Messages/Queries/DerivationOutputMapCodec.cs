using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>The outputs of a derivation and their paths, if known: the reply to QueryDerivationOutputMap.</summary>
public static class DerivationOutputMapCodec
{
    // Nix: src/libstore/daemon.cc, performOp, QueryDerivationOutputMap
    //   u64 count · each: string name, optional<path> (ascending by name)

    /// <summary>Writes the reply.</summary>
    public static void Write(WireWriter writer, MessageContext context, IReadOnlyDictionary<string, StorePath?> outputs)
    {
        writer.WriteUInt64((ulong)outputs.Count);
        foreach ((string name, StorePath? path) in outputs.OrderBy(output => output.Key, StringComparer.Ordinal))
        {
            writer.WriteString(name);
            StorePathCodec.WriteOptional(writer, context, path);
        }
    }

    /// <summary>Reads the reply.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<IReadOnlyDictionary<string, StorePath?>> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.Outputs, cancellationToken);
        Dictionary<string, StorePath?> outputs = [];
        for (int i = 0; i < count; i++)
        {
            string name = await reader.ReadStringAsync(WireLimits.Name, cancellationToken);
            outputs[name] = await StorePathCodec.ReadOptionalAsync(reader, context, cancellationToken);
        }

        return outputs;
    }
}
