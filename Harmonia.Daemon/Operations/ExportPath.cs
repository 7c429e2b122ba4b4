using System.Text;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Sends a valid path as a NAR with its metadata, so that another store can import it. Refuses files that have changed, so that damage
/// does not spread. Up to Nix 2.31. Nix: src/libstore/export-import.cc, exportPath.
/// </summary>
internal static class ExportPath
{
    private const int BlockSize = 64 << 10;

    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        ExportPathRequest request = await ExportPathRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        StorePath path = request.Path;
        using TempRootsFile? root = await context.Store.TempRoots.TryProtectAsync(path, cancellationToken);
        UnkeyedValidPathInfo info = context.GetPathInfo(path);
        NarHash hash = await SendNarAsync(context, path, cancellationToken);
        if (hash != info.NarHash && info.NarHash != default)
        {
            throw new RefusedException(
                $"hash of path '{context.Client.Messages.StoreDirectory.Print(path)}' has changed from '{info.NarHash.ToPrefixedBase32()}' "
                + $"to '{hash.ToPrefixedBase32()}'; repair or delete the path");
        }

        await SendInfoAsync(context, new ExportedPath(path, info.References, info.Deriver), cancellationToken);
        context.Client.BeginReply().WriteUInt64(1);
    }

    private static async ValueTask<NarHash> SendNarAsync(OperationContext context, StorePath path, CancellationToken cancellationToken)
    {
        using NarTreeReader nar = new(Encoding.UTF8.GetBytes(context.Store.Files.RealPath(path)));
        using NarHasher hasher = new();
        byte[] block = new byte[BlockSize];
        int length;
        while ((length = Read(nar, block)) > 0)
        {
            hasher.Append(block.AsSpan(0, length));
            await SendAsync(context, block.AsMemory(0, length), cancellationToken);
        }

        byte[] hash = new byte[NarHash.ByteLength];
        _ = hasher.Finish(hash);
        return NarHash.FromBytes(hash);
    }

    private static int Read(NarTreeReader nar, Span<byte> block)
    {
        try
        {
            return nar.Read(block);
        }
        catch (IOException exception)
        {
            throw new StorageException(exception.Message, exception);
        }
    }

    private static async ValueTask SendInfoAsync(OperationContext context, ExportedPath path, CancellationToken cancellationToken)
    {
        using MemoryStream data = new();
        using WireWriter writer = new(data);
        ExportedPathCodec.Write(writer, context.Client.Messages, path);
        await writer.FlushAsync(cancellationToken);
        await SendAsync(context, data.GetBuffer().AsMemory(0, (int)data.Length), cancellationToken);
    }

    private static ValueTask SendAsync(OperationContext context, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        context.Client.Send(new StderrMessage.Write(data));
        return context.Client.Writer.FlushAsync(cancellationToken);
    }
}
