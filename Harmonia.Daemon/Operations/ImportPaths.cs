using Harmonia.Daemon.Adding;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Adds exported paths, each after the paths it refers to. An export has no signatures, so an untrusted client can import nothing while
/// signatures are required. Up to Nix 2.31. Nix: src/libstore/export-import.cc, importPaths.
/// </summary>
internal static class ImportPaths
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        List<StorePath> paths = [];
        await Upload.ReceivePulledAsync(context.Client, ReceiveAsync, cancellationToken);
        StorePathCodec.WriteList(context.Client.BeginReply(), context.Client.Messages, paths);

        async Task ReceiveAsync(Stream data)
        {
            using WireReader source = new(data);
            using StoreAddition addition = context.BeginAddition();
            NarImport import = new(context, addition, repair: false, context.MustCheckSignatures(dontCheck: true));
            while (await HasNextAsync(source, cancellationToken))
            {
                // The metadata, and so whether the path is valid already, comes after the files.
                ReceivedTree tree = await addition.ReceiveNarAsync(source, null, null, cancellationToken);
                ExportedPath path = await ExportedPathCodec.ReadAsync(source, context.Client.Messages, cancellationToken);
                await import.AddAsync(tree, InfoOf(path, tree), cancellationToken);
                paths.Add(path.Path);
            }
        }
    }

    private static async ValueTask<bool> HasNextAsync(WireReader source, CancellationToken cancellationToken)
    {
        source.BeginMessage(WireLimits.Request);
        ulong next = await source.ReadUInt64Async(cancellationToken);
        return next switch
        {
            0 => false,
            1 => true,
            _ => throw new WireException($"input doesn't look like something created by 'nix-store --export': expected 1 or 0, but got {next}"),
        };
    }

    private static ValidPathInfo InfoOf(ExportedPath path, ReceivedTree tree) => new()
    {
        Path = path.Path,
        Info = new UnkeyedValidPathInfo
        {
            NarHash = tree.NarHash,
            NarSize = (ulong)tree.NarSize,
            References = path.References,
            Deriver = path.Deriver,
        },
    };
}
