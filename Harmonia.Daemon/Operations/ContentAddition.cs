using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>Adds one content-addressed path. Nix: src/libstore/local-store.cc, LocalStore::addToStoreFromDump.</summary>
internal sealed class ContentAddition(
    OperationContext context,
    string name,
    ContentAddressMethod method,
    HashAlgorithm algorithm,
    IReadOnlyList<StorePath> references,
    bool repair)
{
    /// <summary>Adds it and returns its path.</summary>
    /// <param name="data">The content.</param>
    /// <param name="isNar">Whether the content is a NAR. Otherwise it is that of a single file.</param>
    /// <param name="cancellationToken">Cancels it; nothing is left behind.</param>
    /// <exception cref="RefusedException">The daemon does not support the method or the hash algorithm.</exception>
    /// <exception cref="FormatException">The name is not valid for a store path, or such a path may not have references.</exception>
    public async Task<StorePath> AddAsync(Stream data, bool isNar, CancellationToken cancellationToken)
    {
        ContentMethods.RequireKnown(method);
        using WireReader source = new(data);
        using StoreAddition addition = context.BeginAddition();
        ReceivedTree tree = isNar
            ? await addition.ReceiveNarAsync(source, method, new ContentHasher(algorithm, self: null), cancellationToken)
            : await addition.ReceiveFileAsync(source, algorithm, cancellationToken);
        ContentAddress address = new(method, tree.ContentHash!);
        ValidPathInfo info = ContentAddressedPath.Of(context.Client.Messages.StoreDirectory, name, address, references, tree);
        await context.AddTempRootAsync(info.Path, cancellationToken);
        await addition.PublishAsync([(info, tree)], repair, cancellationToken);
        return info.Path;
    }
}
