using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>The reply to QuerySubstitutablePathInfo; request and reply of QuerySubstitutablePathInfos.</summary>
public static class SubstitutablePathInfoCodec
{
    // Nix: src/libstore/daemon.cc, performOp, QuerySubstitutablePathInfo
    //   bool known · if so: optional<path> deriver · set<path> references · u64 downloadSize · u64 narSize

    /// <summary>Writes the reply about one path; null when no substituter has it.</summary>
    public static void WriteOptional(WireWriter writer, MessageContext context, SubstitutablePathInfo? info)
    {
        writer.WriteBool(info is not null);
        if (info is not null)
        {
            Write(writer, context, info);
        }
    }

    /// <summary>Reads the reply about one path; null when no substituter has it.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<SubstitutablePathInfo?> ReadOptionalAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) =>
        await reader.ReadBoolAsync(cancellationToken)
            ? await ReadAsync(reader, context, cancellationToken)
            : null;

    // Nix: src/libstore/daemon.cc, performOp, QuerySubstitutablePathInfos
    //   u64 count · each: path, optional<path> deriver, set<path> references, u64 downloadSize, u64 narSize (ascending by path)

    /// <summary>Writes the reply about many paths.</summary>
    public static void WriteMap(WireWriter writer, MessageContext context, IReadOnlyDictionary<StorePath, SubstitutablePathInfo> infos)
    {
        writer.WriteUInt64((ulong)infos.Count);
        foreach ((StorePath path, SubstitutablePathInfo info) in infos.OrderBy(entry => entry.Key))
        {
            StorePathCodec.Write(writer, context, path);
            Write(writer, context, info);
        }
    }

    /// <summary>Reads the reply about many paths.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<IReadOnlyDictionary<StorePath, SubstitutablePathInfo>> ReadMapAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.StorePaths, cancellationToken);
        Dictionary<StorePath, SubstitutablePathInfo> infos = [];
        for (int i = 0; i < count; i++)
        {
            StorePath path = await StorePathCodec.ReadAsync(reader, context, cancellationToken);
            infos[path] = await ReadAsync(reader, context, cancellationToken);
        }

        return infos;
    }

    // Nix: src/libstore/remote-store.cc, RemoteStore::querySubstitutablePathInfos
    //   since 1.22: u64 count · each: path, optional<string> content address (ascending by path)
    //   before:     set<path>

    /// <summary>Writes the request about many paths, each with the content address it may have elsewhere.</summary>
    public static void WriteRequest(WireWriter writer, MessageContext context, IReadOnlyDictionary<StorePath, ContentAddress?> paths)
    {
        writer.WriteUInt64((ulong)paths.Count);
        foreach ((StorePath path, ContentAddress? address) in paths.OrderBy(entry => entry.Key))
        {
            StorePathCodec.Write(writer, context, path);
            if (context.Version.IsAtLeast(22))
            {
                ContentAddressCodec.WriteOptional(writer, address);
            }
        }
    }

    /// <summary>Reads the request about many paths.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<IReadOnlyDictionary<StorePath, ContentAddress?>> ReadRequestAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.StorePaths, cancellationToken);
        Dictionary<StorePath, ContentAddress?> paths = [];
        for (int i = 0; i < count; i++)
        {
            StorePath path = await StorePathCodec.ReadAsync(reader, context, cancellationToken);
            paths[path] = context.Version.IsAtLeast(22)
                ? await ContentAddressCodec.ReadOptionalAsync(reader, cancellationToken)
                : null;
        }

        return paths;
    }

    private static void Write(WireWriter writer, MessageContext context, SubstitutablePathInfo info)
    {
        StorePathCodec.WriteOptional(writer, context, info.Deriver);
        StorePathCodec.WriteSet(writer, context, info.References);
        writer.WriteUInt64(info.DownloadSize);
        writer.WriteUInt64(info.NarSize);
    }

    private static async ValueTask<SubstitutablePathInfo> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new()
        {
            Deriver = await StorePathCodec.ReadOptionalAsync(reader, context, cancellationToken),
            References = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
            DownloadSize = await reader.ReadUInt64Async(cancellationToken),
            NarSize = await reader.ReadUInt64Async(cancellationToken),
        };
}
