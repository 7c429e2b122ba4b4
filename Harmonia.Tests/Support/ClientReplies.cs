using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Queries;
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
