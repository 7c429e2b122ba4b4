using System.Buffers.Binary;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Client;

/// <summary>Reads the reply to NarFromPath: a NAR whose length nobody tells, so that it is parsed to find its end.</summary>
internal static class NarCopy
{
    // The string "nix-archive-1", and the length of the one after it.
    private const int MagicLength = 24;
    private const int HeadLength = MagicLength + sizeof(ulong);

    /// <summary>Copies it up to its last byte.</summary>
    /// <exception cref="RemoteErrorException">The daemon sent an error in the NAR's place; it closes the connection then.</exception>
    /// <exception cref="WireException">It is not a NAR.</exception>
    public static async ValueTask<CopiedNar> ReadAsync(
        WireReader reader, MessageContext context, Stream destination, CancellationToken cancellationToken)
    {
        using NarHasher hasher = new();
        NarParser parser = new();
        byte[] head = await ReadHeadAsync(reader, parser, context.Version, cancellationToken);
        hasher.Append(head);
        await destination.WriteAsync(head, cancellationToken);
        while (!parser.IsComplete)
        {
            ReadOnlyMemory<byte> bytes = await reader.PeekAsync(cancellationToken);
            bytes = bytes[..Parse(parser, bytes.Span)];
            hasher.Append(bytes.Span);
            await destination.WriteAsync(bytes, cancellationToken);
            reader.Consume(bytes.Length);
        }

        byte[] hash = new byte[NarHasher.HashLength];
        long size = hasher.Finish(hash);
        return new CopiedNar(NarHash.FromBytes(hash), size);
    }

    /// <summary>
    /// Nix says that all is well before it looks for the path. When it is not valid, the error comes in the NAR's place (2.34), or after
    /// its magic string (2.8, 2.26). Nix: src/libstore/daemon.cc, performOp, NarFromPath.
    /// </summary>
    private static async ValueTask<byte[]> ReadHeadAsync(
        WireReader reader, NarParser parser, ProtocolVersion version, CancellationToken cancellationToken)
    {
        byte[] head = new byte[HeadLength];
        await ReadWordAsync(reader, head.AsMemory(0, sizeof(ulong)), version, cancellationToken);
        Parse(parser, head.AsSpan(0, sizeof(ulong)));
        await reader.ReadExactlyAsync(head.AsMemory(sizeof(ulong)..MagicLength), cancellationToken);
        await ReadWordAsync(reader, head.AsMemory(MagicLength), version, cancellationToken);
        Parse(parser, head.AsSpan(sizeof(ulong)));
        return head;
    }

    private static async ValueTask ReadWordAsync(
        WireReader reader, Memory<byte> word, ProtocolVersion version, CancellationToken cancellationToken)
    {
        await reader.ReadExactlyAsync(word, cancellationToken);
        if (BinaryPrimitives.ReadUInt64LittleEndian(word.Span) == (ulong)StderrTag.Error)
            throw new RemoteErrorException(await RemoteErrorCodec.ReadAsync(reader, version, cancellationToken));
    }

    private static int Parse(NarParser parser, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return parser.Consume(bytes);
        }
        catch (NarFormatException exception)
        {
            throw new WireException(exception.Message, exception);
        }
    }
}
