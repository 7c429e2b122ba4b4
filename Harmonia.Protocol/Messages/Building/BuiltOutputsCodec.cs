using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>The outputs in a build result.</summary>
internal static class BuiltOutputsCodec
{
    // Nix writes this instead of a derivation hash that it does not know: Hash::dummy.
    private static readonly string UnknownHash = $"sha256:{new string('0', 64)}";

    // Nix: src/libstore/worker-protocol.cc, Serialise<BuildResult>
    //   with realisation-with-path-not-hash: u64 count · each: string name, path outPath, set<string> signatures (ascending by name)
    //   else since 1.28: u64 count · each: string "sha256:…!name", string JSON of the realisation (ascending by the former)
    //   else nothing

    public static void Write(WireWriter writer, MessageContext context, IReadOnlyList<BuiltOutput> outputs)
    {
        if (context.RealisationWithPathNotHash)
        {
            writer.WriteUInt64((ulong)outputs.Count);
            foreach (BuiltOutput output in outputs.OrderBy(output => output.OutputName, StringComparer.Ordinal))
            {
                writer.WriteString(output.OutputName);
                UnkeyedRealisationCodec.Write(writer, context, output.Value);
            }
        }
        else if (context.Version.IsAtLeast(28))
        {
            writer.WriteUInt64((ulong)outputs.Count);
            foreach ((string id, string json) in outputs.Select(Describe).OrderBy(entry => entry.Id, StringComparer.Ordinal))
            {
                writer.WriteString(id);
                writer.WriteString(json);
            }
        }
    }

    public static async ValueTask<IReadOnlyList<BuiltOutput>> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        if (!context.RealisationWithPathNotHash && !context.Version.IsAtLeast(28))
        {
            return [];
        }

        int count = await reader.ReadCountAsync(WireLimits.Outputs, cancellationToken);
        List<BuiltOutput> outputs = [];
        for (int i = 0; i < count; i++)
        {
            outputs.Add(context.RealisationWithPathNotHash
                ? new BuiltOutput(
                    await reader.ReadStringAsync(WireLimits.Name, cancellationToken),
                    await UnkeyedRealisationCodec.ReadAsync(reader, context, cancellationToken))
                : Recognise(
                    await DrvOutputCodec.ReadAsync(reader, cancellationToken),
                    await RealisationCodec.ReadJsonAsync(reader, cancellationToken)));
        }

        return outputs;
    }

    // Names and paths have no character that JSON escapes. As in Nix, there are no signatures if the hash is the dummy.
    private static (string Id, string Json) Describe(BuiltOutput output)
    {
        if (output.Realisation is not null)
        {
            return (output.Realisation.Id.ToString(), output.Realisation.ToJson());
        }

        string id = $"{UnknownHash}!{output.OutputName}";
        return (id, $$"""{"id":"{{id}}","outPath":"{{output.Value.OutPath}}"}""");
    }

    private static BuiltOutput Recognise(DrvOutput id, Realisation realisation)
    {
        UnkeyedRealisation value = new() { OutPath = realisation.OutPath, Signatures = realisation.Signatures };
        return new BuiltOutput(id.OutputName, value) { Realisation = id.DerivationHash == UnknownHash ? null : realisation };
    }
}
