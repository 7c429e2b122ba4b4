using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>The features that one side announces in the handshake.</summary>
internal static class FeatureSetCodec
{
    // Nix: src/libstore/worker-protocol-connection.cc, handshake
    //   set<string> names

    public static void Write(WireWriter writer, FeatureSet features)
    {
        writer.WriteUInt64((ulong)features.Names.Count);
        foreach (string name in features.Names)
        {
            writer.WriteString(name);
        }
    }

    /// <summary>Reads a set. A name that is not UTF-8 is unknown here anyway.</summary>
    public static async ValueTask<FeatureSet> ReadAsync(WireReader reader, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.Features, cancellationToken);
        List<string> names = [];
        for (int i = 0; i < count; i++)
        {
            names.Add(await reader.ReadTextAsync(WireLimits.Name, cancellationToken));
        }

        return new FeatureSet(names);
    }
}
