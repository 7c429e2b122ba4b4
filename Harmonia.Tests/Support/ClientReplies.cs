using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Tests.Support;

/// <summary>Reads the replies to requests that our cache never sends. The daemon only writes them.</summary>
internal static class ClientReplies
{
    public static async ValueTask<KeyedBuildResult> ReadBuildResultAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new(
        await DerivedPathCodec.ReadAsync(reader, context, cancellationToken),
        await BuildResultCodec.ReadAsync(reader, context, cancellationToken));

    public static async ValueTask<IReadOnlyList<KeyedBuildResult>> ReadBuildResultsAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.DerivedPaths, cancellationToken);
        List<KeyedBuildResult> results = [];
        for (int i = 0; i < count; i++)
            results.Add(await ReadBuildResultAsync(reader, context, cancellationToken));
        return results;
    }

    public static async ValueTask<CollectGarbageResult> ReadCollectionAsync(WireReader reader, CancellationToken cancellationToken)
    {
        CollectGarbageResult result = new()
        {
            Paths = await StringSetCodec.ReadAsync(reader, WireLimits.StorePaths, WireLimits.FilePath, cancellationToken),
            BytesFreed = await reader.ReadUInt64Async(cancellationToken),
        };
        _ = await reader.ReadUInt64Async(cancellationToken);
        return result;
    }

    public static async ValueTask<IReadOnlyList<GcRoot>> ReadRootsAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.Roots, cancellationToken);
        List<GcRoot> roots = [];
        for (int i = 0; i < count; i++)
        {
            byte[] link = await reader.ReadBytesAsync(WireLimits.FilePath, cancellationToken);
            roots.Add(new GcRoot(link, await StorePathCodec.ReadAsync(reader, context, cancellationToken)));
        }

        return roots;
    }

    public static async ValueTask<IReadOnlyDictionary<string, StorePath?>> ReadOutputMapAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.Outputs, cancellationToken);
        Dictionary<string, StorePath?> outputs = [];
        for (int i = 0; i < count; i++)
        {
            string name = await reader.ReadStringAsync(WireLimits.Name, cancellationToken);
            outputs[name] = await StorePathCodec.ReadOptionalAsync(reader, context, cancellationToken);
        }

        return outputs;
    }

    public static async ValueTask<MissingPaths> ReadMissingAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new()
        {
            WillBuild = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
            WillSubstitute = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
            Unknown = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
            DownloadSize = await reader.ReadUInt64Async(cancellationToken),
            NarSize = await reader.ReadUInt64Async(cancellationToken),
        };

    public static ValueTask<IReadOnlyList<string>> ReadOutputNamesAsync(WireReader reader, CancellationToken cancellationToken) =>
        StringSetCodec.ReadAsync(reader, WireLimits.Outputs, WireLimits.Name, cancellationToken);
}
