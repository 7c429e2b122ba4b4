using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>The reply to BuildPathsWithResults.</summary>
public static class KeyedBuildResultCodec
{
    // Nix: src/libstore/worker-protocol.cc, Serialise<KeyedBuildResult>
    //   DerivedPath · BuildResult

    /// <summary>Writes one result.</summary>
    public static void Write(WireWriter writer, MessageContext context, KeyedBuildResult result)
    {
        DerivedPathCodec.Write(writer, context, result.Path);
        BuildResultCodec.Write(writer, context, result.Result);
    }

    // Nix: src/libstore/daemon.cc, performOp, BuildPathsWithResults
    //   u64 count · results, in the order of the request

    /// <summary>Writes the reply.</summary>
    public static void WriteList(WireWriter writer, MessageContext context, IReadOnlyList<KeyedBuildResult> results)
    {
        writer.WriteUInt64((ulong)results.Count);
        foreach (KeyedBuildResult result in results)
        {
            Write(writer, context, result);
        }
    }
}
