using System.Text;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Maintenance;

/// <summary>
/// Compares the files of paths with the database; any number of threads may use it. Nix: src/libstore/local-store.cc,
/// LocalStore::verifyStore.
/// </summary>
internal sealed class ContentCheck(StoreDatabase database, StoreFiles files, StoreRegistry registry)
{
    /// <summary>Reads all files of a path. Adds a missing hash or size to the database: rows from old releases lack them.</summary>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public ContentVerdict Check(StorePath path, CancellationToken cancellationToken)
    {
        try
        {
            return database.QueryPathInfo(path) is UnkeyedValidPathInfo info ? Compare(path, info, cancellationToken) : ContentVerdict.Fine;
        }
        catch (IOException exception)
        {
            return new ContentVerdict($"path '{Print(path)}' cannot be checked: {exception.Message}", null);
        }
    }

    private ContentVerdict Compare(StorePath path, UnkeyedValidPathInfo info, CancellationToken cancellationToken)
    {
        Span<byte> bytes = stackalloc byte[NarHash.ByteLength];
        long size = NarHasher.HashTree(Encoding.UTF8.GetBytes(files.RealPath(path)), bytes, cancellationToken);
        NarHash hash = NarHash.FromBytes(bytes);
        bool isKnown = info.NarHash != default;
        if (isKnown && info.NarHash != hash)
        {
            return new ContentVerdict(
                $"path '{Print(path)}' was modified! expected hash '{info.NarHash.ToPrefixedBase32()}', got '{hash.ToPrefixedBase32()}'", null);
        }

        if (isKnown && info.NarSize > 0)
        {
            return ContentVerdict.Fine;
        }

        registry.Change(registration => registration.SetNar(path, hash, size));
        return new ContentVerdict(null, isKnown ? $"updating size field on '{Print(path)}' to {size}" : $"fixing missing hash on '{Print(path)}'");
    }

    private string Print(StorePath path) => database.Directory.Print(path);
}
