using System.Text;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>Store paths: one, which is the whole request of most queries; an optional one; a set; or a base name.</summary>
public static class StorePathCodec
{
    /// <summary>Most paths have fewer characters, and are parsed without a string of their own.</summary>
    private const int UsualLength = 128;

    // Nix: src/libstore/common-protocol.cc, Serialise<StorePath>
    //   string absolute path

    /// <summary>Writes the absolute path.</summary>
    public static void Write(WireWriter writer, MessageContext context, StorePath path)
    {
        string directory = context.StoreDirectory.Path;
        int baseStart = StrictUtf8.Encoding.GetByteCount(directory) + 1;
        Span<byte> place = writer.ReserveString(baseStart + path.BaseName.Length);
        StrictUtf8.Encoding.GetBytes(directory, place);
        place[baseStart - 1] = (byte)'/';
        Encoding.ASCII.GetBytes(path.BaseName, place[baseStart..]);
    }

    /// <summary>Reads an absolute path.</summary>
    /// <exception cref="WireException">It is not a path directly in the store directory.</exception>
    public static ValueTask<StorePath> ReadAsync(WireReader reader, MessageContext context, CancellationToken cancellationToken) =>
        reader.ReadDecodedAsync(WireLimits.StorePath, context.StoreDirectory, Decode, cancellationToken);

    // Nix: src/libstore/common-protocol.cc, Serialise<std::optional<StorePath>>
    //   string absolute path ("" = none)

    /// <summary>Writes the absolute path, or an empty string.</summary>
    public static void WriteOptional(WireWriter writer, MessageContext context, StorePath? path)
    {
        if (path is null)
        {
            writer.WriteBytes([]);
        }
        else
        {
            Write(writer, context, path);
        }
    }

    /// <summary>Reads an absolute path, or null for an empty string.</summary>
    /// <exception cref="WireException">It is something else.</exception>
    public static ValueTask<StorePath?> ReadOptionalAsync(WireReader reader, MessageContext context, CancellationToken cancellationToken) =>
        reader.ReadDecodedAsync(
            WireLimits.StorePath,
            context.StoreDirectory,
            static (bytes, directory) => bytes.IsEmpty ? null : Decode(bytes, directory),
            cancellationToken);

    // Nix: src/libstore/include/nix/store/length-prefixed-protocol-helper.hh, std::set
    //   u64 count · paths, ascending by base name

    /// <summary>Writes a set. The paths may come in any order.</summary>
    public static void WriteSet(WireWriter writer, MessageContext context, IReadOnlyList<StorePath> paths)
    {
        IReadOnlyList<StorePath> set = AscendingSet.Of(paths, Comparer<StorePath>.Default);
        writer.WriteUInt64((ulong)set.Count);
        foreach (StorePath path in set)
        {
            Write(writer, context, path);
        }
    }

    /// <summary>Writes a set like <see cref="WriteSet"/>, but flushes in between: for the paths of a whole store.</summary>
    /// <exception cref="IOException">The peer is gone.</exception>
    public static async ValueTask WriteSetAsync(
        WireWriter writer, MessageContext context, IReadOnlyList<StorePath> paths, CancellationToken cancellationToken)
    {
        IReadOnlyList<StorePath> set = AscendingSet.Of(paths, Comparer<StorePath>.Default);
        writer.WriteUInt64((ulong)set.Count);
        foreach (StorePath path in set)
        {
            Write(writer, context, path);
            await writer.FlushIfLargeAsync(cancellationToken);
        }
    }

    /// <summary>Reads a set in any order; the result is ascending.</summary>
    /// <exception cref="WireException">It is something else, or too large.</exception>
    public static async ValueTask<IReadOnlyList<StorePath>> ReadSetAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) =>
        AscendingSet.Of(await ReadListAsync(reader, context, cancellationToken), Comparer<StorePath>.Default);

    /// <summary>Reads a set, but keeps only its first paths.</summary>
    /// <exception cref="WireException">It is something else, or too large.</exception>
    public static async ValueTask<FirstPaths> ReadFirstAsync(
        WireReader reader, MessageContext context, int max, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.StorePaths, cancellationToken);
        List<StorePath> paths = [];
        for (int i = 0; i < count; i++)
        {
            if (i < max)
            {
                paths.Add(await ReadAsync(reader, context, cancellationToken));
            }
            else
            {
                _ = await reader.ReadDecodedAsync(WireLimits.StorePath, 0, static (_, _) => 0, cancellationToken);
            }
        }

        return new FirstPaths(paths, count);
    }

    /// <summary>Reads a set for the hash parts of its elements alone, and returns their number. Nothing of it is kept.</summary>
    /// <exception cref="WireException">It is something else, or too large.</exception>
    public static async ValueTask<int> ReadHashPartsAsync(
        WireReader reader, MessageContext context, Action<StorePathHash> found, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.StorePaths, cancellationToken);
        for (int i = 0; i < count; i++)
        {
            found(await reader.ReadDecodedAsync(WireLimits.StorePath, context.StoreDirectory, DecodeHashPart, cancellationToken));
        }

        return count;
    }

    // Nix: src/libstore/include/nix/store/length-prefixed-protocol-helper.hh, std::vector
    //   u64 count · paths

    /// <summary>Writes a list as it is.</summary>
    public static void WriteList(WireWriter writer, MessageContext context, IReadOnlyList<StorePath> paths)
    {
        writer.WriteUInt64((ulong)paths.Count);
        foreach (StorePath path in paths)
        {
            Write(writer, context, path);
        }
    }

    /// <summary>Reads a list as it is.</summary>
    /// <exception cref="WireException">It is something else, or too large.</exception>
    public static async ValueTask<IReadOnlyList<StorePath>> ReadListAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.StorePaths, cancellationToken);
        List<StorePath> paths = [];
        for (int i = 0; i < count; i++)
        {
            paths.Add(await ReadAsync(reader, context, cancellationToken));
        }

        return paths;
    }

    // Nix: src/libstore/remote-store.cc, RemoteStore::addBuildLog; src/libstore/common-protocol.cc, Serialise<Realisation>
    //   string base name

    /// <summary>Reads a base name.</summary>
    /// <exception cref="WireException">It is not one.</exception>
    public static ValueTask<StorePath> ReadBaseNameAsync(WireReader reader, CancellationToken cancellationToken) =>
        reader.ReadDecodedAsync(
            WireLimits.Name, 0, static (bytes, _) => StorePath.Parse(Encoding.UTF8.GetString(bytes)), cancellationToken);

    // Makes no object for the usual path, since there may be a million.
    private static StorePathHash DecodeHashPart(ReadOnlySpan<byte> bytes, StoreDirectory directory)
    {
        Span<char> characters = stackalloc char[UsualLength];
        int nameStart = directory.Path.Length + 1 + StorePathHash.Length + 1;
        if (bytes.Length > UsualLength || !Encoding.UTF8.TryGetChars(bytes, characters, out int length) || length <= nameStart)
        {
            return Decode(bytes, directory).Hash;
        }

        ReadOnlySpan<char> path = characters[..length];
        ReadOnlySpan<char> baseName = path[(directory.Path.Length + 1)..];
        bool isUsual = path.StartsWith(directory.Path) && path[directory.Path.Length] == '/'
            && baseName[StorePathHash.Length] == '-' && StorePathName.IsValid(path[nameStart..]);
        return isUsual && StorePathHash.TryParse(baseName[..StorePathHash.Length], out StorePathHash hash) ? hash : Decode(bytes, directory).Hash;
    }

    /// <summary>Replaces bytes that are not UTF-8 by a character that no store path has, so that the message can show them.</summary>
    private static StorePath Decode(ReadOnlySpan<byte> bytes, StoreDirectory directory)
    {
        if (bytes.Length > UsualLength)
        {
            return directory.ParsePath(Encoding.UTF8.GetString(bytes));
        }

        Span<char> characters = stackalloc char[UsualLength];
        return directory.ParsePath(characters[..Encoding.UTF8.GetChars(bytes, characters)]);
    }
}
