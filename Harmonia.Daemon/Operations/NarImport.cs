using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Adds paths that arrive as NARs with their metadata, and verifies the metadata. Registers many small paths in one transaction.
/// Nix: src/libstore/local-store.cc, LocalStore::addToStore.
/// </summary>
internal sealed class NarImport(OperationContext context, StoreAddition addition, bool repair, bool checkSignatures)
{
    /// <summary>An upload loses at most this much when the client disconnects in the middle of it.</summary>
    private const long MaxPendingBytes = 16 << 20;
    private const int MaxPendingPaths = 256;

    private readonly List<(ValidPathInfo Info, ReceivedTree Tree)> _pending = [];
    private readonly HashSet<StorePath> _pendingPaths = [];
    private long _pendingBytes;

    /// <summary>Adds a path whose NAR is next in the source. The path becomes valid with <see cref="FlushAsync"/> at the latest.</summary>
    /// <exception cref="RefusedException">The NAR does not match its metadata, or this client may not add it.</exception>
    public async Task AddAsync(WireReader source, ValidPathInfo claim, CancellationToken cancellationToken)
    {
        ValidPathInfo info = claim with
        {
            Info = claim.Info with
            {
                Ultimate = claim.Info.Ultimate && context.Client.Trust == Trust.Trusted,
                Signatures = [.. claim.Info.Signatures.Where(text => Signature.TryParse(text, out _))],
            },
        };
        if (checkSignatures)
        {
            context.Signatures.Require(context.Client.Messages.StoreDirectory, info);
        }

        await context.AddTempRootAsync(info.Path, cancellationToken);
        if (_pendingPaths.Contains(info.Path) || (!repair && context.Store.Database.IsValidPath(info.Path)))
        {
            await SkipAsync(source, cancellationToken);
            return;
        }

        ReceivedTree tree = await ReceiveAsync(source, info, cancellationToken);
        Verify(info, tree);
        _pending.Add((info, tree));
        _pendingPaths.Add(info.Path);
        _pendingBytes += tree.NarSize;
        if (_pendingBytes > MaxPendingBytes || _pending.Count >= MaxPendingPaths)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Adds a tree that arrived before its metadata, unless its path is valid already.</summary>
    /// <exception cref="RefusedException">This client may not add it.</exception>
    public async Task AddAsync(ReceivedTree tree, ValidPathInfo info, CancellationToken cancellationToken)
    {
        if (checkSignatures)
        {
            context.Signatures.Require(context.Client.Messages.StoreDirectory, info);
        }

        await context.AddTempRootAsync(info.Path, cancellationToken);
        await addition.PublishAsync([(info, tree)], repair, cancellationToken);
    }

    /// <summary>Makes all pending paths valid.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        List<(ValidPathInfo Info, ReceivedTree Tree)> paths = [.. _pending];
        _pending.Clear();
        _pendingPaths.Clear();
        _pendingBytes = 0;
        await addition.PublishAsync(paths, repair, cancellationToken);
    }

    private async Task<ReceivedTree> ReceiveAsync(WireReader source, ValidPathInfo info, CancellationToken cancellationToken)
    {
        if (info.Info.ContentAddress is not ContentAddress address)
        {
            return await addition.ReceiveNarAsync(source, null, null, cancellationToken);
        }

        ContentMethods.RequireKnown(address.Method);
        ContentHasher hasher = new(address.Hash.Algorithm, info.Path.Hash);
        return await addition.ReceiveNarAsync(source, address.Method, hasher, cancellationToken);
    }

    private void Verify(ValidPathInfo info, ReceivedTree tree)
    {
        StoreDirectory directory = context.Client.Messages.StoreDirectory;
        string path = directory.Print(info.Path);
        if (tree.NarHash != info.Info.NarHash)
        {
            throw Mismatch("hash", path, info.Info.NarHash.ToSri(), tree.NarHash.ToSri());
        }

        if ((ulong)tree.NarSize != info.Info.NarSize)
        {
            throw Mismatch("size", path, $"{info.Info.NarSize}", $"{tree.NarSize}");
        }

        if (info.Info.ContentAddress is not ContentAddress address)
        {
            return;
        }

        if (address.Hash != tree.ContentHash && address.Hash != tree.ContentHashWithoutPositions)
        {
            throw Mismatch("ca hash", path, address.Hash.ToSri(), tree.ContentHash!.ToSri());
        }

        if (!StorePathComputation.IsContentAddressed(directory, info))
        {
            throw new RefusedException($"cannot add path '{path}' to the Nix store because it claims to be content-addressed but isn't");
        }
    }

    private static RefusedException Mismatch(string what, string path, string claimed, string found) =>
        new($"{what} mismatch importing path '{path}';\n  specified: {claimed}\n  got:       {found}");

    private static async Task SkipAsync(WireReader source, CancellationToken cancellationToken)
    {
        NarParser parser = new();
        while (!parser.IsComplete)
        {
            ReadOnlyMemory<byte> available = await source.PeekAsync(cancellationToken);
            source.Consume(parser.Consume(available.Span));
        }
    }
}
