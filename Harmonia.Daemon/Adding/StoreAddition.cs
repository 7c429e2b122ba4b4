using System.Globalization;
using System.Text;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Adding;

/// <summary>
/// Adds the paths of one request to the store. It receives trees into a scratch directory and moves them into the store once they are
/// verified. Dispose removes the trees that were not moved. Nix: src/libstore/local-store.cc, LocalStore::addToStore and
/// addToStoreFromDump.
/// </summary>
/// <param name="writer">Makes the paths valid; the caller disposes it.</param>
/// <param name="optimise">Whether files are hard-linked to equal ones: Nix's auto-optimise-store.</param>
/// <exception cref="SystemCallException">This process may not write to the store.</exception>
internal sealed class StoreAddition(StoreWriter writer, bool optimise) : IDisposable
{
    private readonly ScratchDirectory _scratch = writer.CreateScratchDirectory();
    private int _trees;

    /// <summary>Begins to receive a NAR in blocks of any size.</summary>
    public NarReceiver BeginNar(ContentAddressMethod? method = null, ContentHasher? content = null) =>
        new(_scratch.Handle, NextName(), method, content);

    /// <summary>Reads a NAR up to its end and no further.</summary>
    /// <exception cref="NarFormatException">The source does not contain a NAR.</exception>
    public async Task<ReceivedTree> ReceiveNarAsync(
        WireReader source, ContentAddressMethod? method, ContentHasher? content, CancellationToken cancellationToken)
    {
        using NarReceiver receiver = BeginNar(method, content);
        while (!receiver.IsComplete)
        {
            ReadOnlyMemory<byte> available = await source.PeekAsync(cancellationToken);
            source.Consume(receiver.Consume(available.Span));
        }

        return receiver.Finish();
    }

    /// <summary>Reads the contents of one file up to the end of the source.</summary>
    public async Task<ReceivedTree> ReceiveFileAsync(WireReader source, HashAlgorithm algorithm, CancellationToken cancellationToken)
    {
        byte[] name = NextName();
        using ContentHasher hasher = new(algorithm, self: null);
        using StoreTreeWriter file = new(_scratch.Handle, name, hasher);
        file.BeginFile([], 0, isExecutable: false);
        while (await source.WaitForDataAsync(cancellationToken))
        {
            ReadOnlyMemory<byte> available = await source.PeekAsync(cancellationToken);
            file.Contents(available.Span);
            source.Consume(available.Length);
        }

        file.EndFile();

        // A NAR begins with the file's size, so the NAR can be hashed only now.
        (NarHash narHash, long narSize) = HashNar(name, cancellationToken);
        return new ReceivedTree(name, narHash, narSize, hasher.Finish(), ContentHashWithoutPositions: null, IsDirectory: false);
    }

    /// <summary>Moves trees into the store and makes them valid, all or none. Leaves valid paths unchanged.</summary>
    /// <param name="paths">The metadata to register, each with its verified tree.</param>
    /// <param name="repair">Whether to replace valid paths too.</param>
    /// <param name="cancellationToken">Cancels the wait for processes that add the same paths.</param>
    public Task PublishAsync(IReadOnlyList<(ValidPathInfo Info, ReceivedTree Tree)> paths, bool repair, CancellationToken cancellationToken) =>
        writer.PublishAsync(_scratch.Handle, paths, repair, optimise, cancellationToken);

    public void Dispose() => _scratch.Dispose();

    private (NarHash Hash, long Size) HashNar(byte[] name, CancellationToken cancellationToken)
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(_scratch.Handle.Path + "/"), .. name];
        Span<byte> hash = stackalloc byte[NarHash.ByteLength];
        long size = NarHasher.HashTree(path, hash, cancellationToken);
        return (NarHash.FromBytes(hash), size);
    }

    private byte[] NextName() => Encoding.ASCII.GetBytes(_trees++.ToString(CultureInfo.InvariantCulture));
}
