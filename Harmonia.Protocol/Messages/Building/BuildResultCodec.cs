using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>The result of a build: the reply to BuildDerivation, and a part of the reply to BuildPathsWithResults.</summary>
public static class BuildResultCodec
{
    // Nix: src/libstore/worker-protocol.cc, Serialise<BuildResult>
    //   u64 status · string errorMessage
    //   · since 1.29: u64 timesBuilt · bool isNonDeterministic · u64 startTime · u64 stopTime
    //   · since 1.37: optional<u64> cpuUser · optional<u64> cpuSystem
    //   · since 1.28: outputs, see BuiltOutputsCodec

    /// <summary>Writes the result.</summary>
    public static void Write(WireWriter writer, MessageContext context, BuildResult result)
    {
        writer.WriteUInt64((uint)result.Status);
        writer.WriteString(result.ErrorMessage);
        if (context.Version.IsAtLeast(29))
        {
            writer.WriteUInt64(result.TimesBuilt);
            writer.WriteBool(result.IsNonDeterministic);
            writer.WriteUInt64((ulong)result.StartTime);
            writer.WriteUInt64((ulong)result.StopTime);
        }

        if (context.Version.IsAtLeast(37))
        {
            WriteOptional(writer, result.CpuUser);
            WriteOptional(writer, result.CpuSystem);
        }

        BuiltOutputsCodec.Write(writer, context, result.BuiltOutputs);
    }

    /// <summary>Reads a result. The error is for people, and may be any bytes.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<BuildResult> ReadAsync(WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        byte status = await reader.ReadByteAsync(cancellationToken);
        if (status > (byte)BuildStatus.NoSubstituters)
        {
            throw new WireException($"A build's status is one of 0 to {(byte)BuildStatus.NoSubstituters}, not {status}.");
        }

        BuildResult result = new()
        {
            Status = (BuildStatus)status,
            ErrorMessage = await reader.ReadTextAsync(WireLimits.Text, cancellationToken),
        };
        if (context.Version.IsAtLeast(29))
        {
            result = result with
            {
                TimesBuilt = await reader.ReadUInt32Async(cancellationToken),
                IsNonDeterministic = await reader.ReadBoolAsync(cancellationToken),
                StartTime = await reader.ReadInt64Async(cancellationToken),
                StopTime = await reader.ReadInt64Async(cancellationToken),
            };
        }

        if (context.Version.IsAtLeast(37))
        {
            result = result with
            {
                CpuUser = await ReadOptionalAsync(reader, cancellationToken),
                CpuSystem = await ReadOptionalAsync(reader, cancellationToken),
            };
        }

        return result with { BuiltOutputs = await BuiltOutputsCodec.ReadAsync(reader, context, cancellationToken) };
    }

    private static void WriteOptional(WireWriter writer, long? microseconds)
    {
        writer.WriteBool(microseconds.HasValue);
        if (microseconds.HasValue)
        {
            writer.WriteUInt64((ulong)microseconds.Value);
        }
    }

    private static async ValueTask<long?> ReadOptionalAsync(WireReader reader, CancellationToken cancellationToken) =>
        await reader.ReadPresenceAsync(cancellationToken)
            ? await reader.ReadInt64Async(cancellationToken)
            : null;
}
