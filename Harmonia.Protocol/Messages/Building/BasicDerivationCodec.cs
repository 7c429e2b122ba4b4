using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>A derivation, as part of BuildDerivation.</summary>
internal static class BasicDerivationCodec
{
    // Nix: src/libstore/derivation/aterm.cc, derivation::read and derivation::write
    //   u64 count · each: string name, string path, string hashAlgorithm, string hash
    //   · set<path> inputSources · string platform · string builder · list<string> arguments
    //   · u64 count · each: string name, string value (environment)

    /// <summary>Writes the derivation. Outputs and environment must be in ascending order.</summary>
    public static void Write(WireWriter writer, MessageContext context, BasicDerivation derivation)
    {
        writer.WriteUInt64((ulong)derivation.Outputs.Count);
        foreach (BasicDerivationOutput output in derivation.Outputs)
        {
            writer.WriteString(output.Name);
            writer.WriteString(output.Path);
            writer.WriteString(output.HashAlgorithm);
            writer.WriteString(output.Hash);
        }

        StorePathCodec.WriteSet(writer, context, derivation.InputSources);
        writer.WriteString(derivation.Platform);
        writer.WriteBytes(derivation.Builder.Span);
        writer.WriteUInt64((ulong)derivation.Arguments.Count);
        foreach (ReadOnlyMemory<byte> argument in derivation.Arguments)
        {
            writer.WriteBytes(argument.Span);
        }

        writer.WriteUInt64((ulong)derivation.Environment.Count);
        foreach ((ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value) in derivation.Environment)
        {
            writer.WriteBytes(name.Span);
            writer.WriteBytes(value.Span);
        }
    }

    /// <summary>Reads a derivation.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<BasicDerivation> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new()
        {
            Outputs = await ReadOutputsAsync(reader, cancellationToken),
            InputSources = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
            Platform = await reader.ReadStringAsync(WireLimits.Name, cancellationToken),
            Builder = await reader.ReadBytesAsync(WireLimits.FilePath, cancellationToken),
            Arguments = await ReadArgumentsAsync(reader, cancellationToken),
            Environment = await ReadEnvironmentAsync(reader, cancellationToken),
        };

    private static async ValueTask<IReadOnlyList<BasicDerivationOutput>> ReadOutputsAsync(
        WireReader reader, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.Outputs, cancellationToken);
        List<BasicDerivationOutput> outputs = [];
        for (int i = 0; i < count; i++)
        {
            outputs.Add(new BasicDerivationOutput(
                await reader.ReadStringAsync(WireLimits.Name, cancellationToken),
                await reader.ReadStringAsync(WireLimits.StorePath, cancellationToken),
                await reader.ReadStringAsync(WireLimits.Name, cancellationToken),
                await reader.ReadStringAsync(WireLimits.Hash, cancellationToken)));
        }

        return outputs;
    }

    private static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadArgumentsAsync(
        WireReader reader, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.Arguments, cancellationToken);
        List<ReadOnlyMemory<byte>> arguments = [];
        for (int i = 0; i < count; i++)
        {
            arguments.Add(await reader.ReadBytesAsync(WireLimits.FileText, cancellationToken));
        }

        return arguments;
    }

    private static async ValueTask<IReadOnlyList<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>>> ReadEnvironmentAsync(
        WireReader reader, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.Arguments, cancellationToken);
        List<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> environment = [];
        for (int i = 0; i < count; i++)
        {
            byte[] name = await reader.ReadBytesAsync(WireLimits.FileText, cancellationToken);
            byte[] value = await reader.ReadBytesAsync(WireLimits.FileText, cancellationToken);
            environment.Add(new(name, value));
        }

        return environment;
    }
}
