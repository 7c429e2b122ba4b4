using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>The metadata of a path: the reply to QueryPathInfo.</summary>
public static class UnkeyedValidPathInfoCodec
{
    // Nix: src/libstore/worker-protocol.cc, Serialise<UnkeyedValidPathInfo>
    //   optional<path> deriver · string narHash · set<path> references · u64 registrationTime · u64 narSize
    //   since 1.16: bool ultimate · set<string> signatures · optional<string> content address

    /// <summary>Writes the path info.</summary>
    public static void Write(WireWriter writer, MessageContext context, UnkeyedValidPathInfo info)
    {
        StorePathCodec.WriteOptional(writer, context, info.Deriver);
        NarHashCodec.Write(writer, info.NarHash);
        StorePathCodec.WriteSet(writer, context, info.References);
        writer.WriteUInt64(info.RegistrationTime);
        writer.WriteUInt64(info.NarSize);
        if (context.Version.IsAtLeast(16))
        {
            writer.WriteBool(info.Ultimate);
            StringSetCodec.Write(writer, info.Signatures);
            ContentAddressCodec.WriteOptional(writer, info.ContentAddress);
        }
    }

    /// <summary>Reads a path info.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<UnkeyedValidPathInfo> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        bool hasRest = context.Version.IsAtLeast(16);
        return new UnkeyedValidPathInfo
        {
            Deriver = await StorePathCodec.ReadOptionalAsync(reader, context, cancellationToken),
            NarHash = await NarHashCodec.ReadAsync(reader, cancellationToken),
            References = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
            RegistrationTime = await reader.ReadUInt64Async(cancellationToken),
            NarSize = await reader.ReadUInt64Async(cancellationToken),
            Ultimate = hasRest && await reader.ReadBoolAsync(cancellationToken),
            Signatures = hasRest ? await StringSetCodec.ReadSignaturesAsync(reader, cancellationToken) : [],
            ContentAddress = hasRest ? await ContentAddressCodec.ReadOptionalAsync(reader, cancellationToken) : null,
        };
    }

    // Nix: src/libstore/daemon.cc, performOp, QueryPathInfo
    //   bool valid · if so: path info

    /// <summary>Writes the reply to QueryPathInfo; null if the path is not valid.</summary>
    public static void WriteOptional(WireWriter writer, MessageContext context, UnkeyedValidPathInfo? info)
    {
        writer.WriteBool(info is not null);
        if (info is not null)
        {
            Write(writer, context, info);
        }
    }

    /// <summary>Reads the reply to QueryPathInfo; null if the path is not valid.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<UnkeyedValidPathInfo?> ReadOptionalAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) =>
        await reader.ReadBoolAsync(cancellationToken)
            ? await ReadAsync(reader, context, cancellationToken)
            : null;
}
