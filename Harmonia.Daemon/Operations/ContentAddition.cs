using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>Adds one path that gets its name from its content. Nix: src/libstore/local-store.cc, LocalStore::addToStoreFromDump.</summary>
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
    /// <param name="isNar">Whether that is a NAR; else it is what a single file contains.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    /// <exception cref="RefusedException">There is no such path.</exception>
    /// <exception cref="FormatException">So is there.</exception>
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
