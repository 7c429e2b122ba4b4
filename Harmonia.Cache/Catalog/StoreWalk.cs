using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Finds files below store objects by name. It follows symbolic links itself, one name at a time, instead of leaving that to the kernel,
/// and only into the same object or another one that the catalog says is valid. Objects that are not valid, the store directory itself
/// and everything outside of it do not exist for this walk.
/// </summary>
public sealed class StoreWalk(IStoreCatalog catalog, StoreFiles files, StoreDirectory storeDirectory)
{
    // The limit of Linux (path_resolution(7)).
    private const int MaxLinks = 40;

    private readonly byte[] _storePrefix = Encoding.UTF8.GetBytes(storeDirectory.Path + "/");

    /// <summary>Follows names, none of them <c>..</c>, from the root of an object. Null if they lead nowhere.</summary>
    /// <exception cref="IOException">The files cannot be read; or a failure of the catalog.</exception>
    public async Task<StoreLocation?> FindAsync(ValidPathInfo start, IReadOnlyList<byte[]> names, CancellationToken cancellationToken)
    {
        Stack<ReadOnlyMemory<byte>> ahead = new();
        for (int i = names.Count - 1; i >= 0; i--)
            ahead.Push(names[i]);
        ahead.Push(Encoding.ASCII.GetBytes(start.Path.BaseName));

        using StorePosition position = new(files.Directory);
        ValidPathInfo current = start;
        int links = 0;
        while (ahead.TryPop(out ReadOnlyMemory<byte> name))
        {
            if (name.Span.SequenceEqual(".."u8))
            {
                if (!position.Leave())
                    return null;
                continue;
            }

            if (position.IsStoreDirectory)
            {
                if (await FindObjectAsync(start, name, cancellationToken) is not { } found)
                    return null;
                current = found;
            }

            if (!position.Enter(name))
                return null;
            if (position.LinkTarget is { } target && (++links > MaxLinks || !Follow(target, position, ahead)))
                return null;
        }

        return position.IsStoreDirectory ? null : new StoreLocation(current, [.. position.Names.Skip(1)], position.Take());
    }

    private async ValueTask<ValidPathInfo?> FindObjectAsync(ValidPathInfo start, ReadOnlyMemory<byte> name, CancellationToken cancellationToken)
    {
        // A base name is ASCII; any other byte becomes a character that no base name has.
        if (!StorePath.TryParse(Encoding.ASCII.GetString(name.Span), out StorePath? path))
            return null;
        if (path.Equals(start.Path))
            return start;
        ValidPathInfo? found = await catalog.FindAsync(path.Hash, cancellationToken);
        return path.Equals(found?.Path) ? found : null;
    }

    // An absolute target names the store as clients see it, not the directory where this machine has its files.
    private bool Follow(ReadOnlyMemory<byte> target, StorePosition position, Stack<ReadOnlyMemory<byte>> ahead)
    {
        if (target.Span.StartsWith(_storePrefix))
        {
            target = target[_storePrefix.Length..];
            position.Restart();
        }
        else if (target.Span[0] == '/' || !position.Leave())
        {
            return false;
        }

        List<ReadOnlyMemory<byte>> names = new();
        foreach (Range part in target.Span.Split((byte)'/'))
        {
            ReadOnlyMemory<byte> name = target[part];
            if (!name.IsEmpty && !name.Span.SequenceEqual("."u8))
                names.Add(name);
        }

        for (int i = names.Count - 1; i >= 0; i--)
            ahead.Push(names[i]);
        return true;
    }
}
