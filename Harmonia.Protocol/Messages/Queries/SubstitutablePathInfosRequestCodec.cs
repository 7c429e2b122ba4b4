using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>The request of QuerySubstitutablePathInfos.</summary>
public static class SubstitutablePathInfosRequestCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::querySubstitutablePathInfos
    //   since 1.22: u64 count · each: path, optional<string> content address (ascending by path)
    //   before:     set<path>

    /// <summary>Reads the request: the paths, each with the content address that it may have elsewhere.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<IReadOnlyDictionary<StorePath, ContentAddress?>> ReadAsync(
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
}
