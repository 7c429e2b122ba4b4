using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>The request of QueryValidPaths.</summary>
public static class QueryValidPathsRequestCodec
{
    // Nix: src/libstore/worker-protocol-connection.cc, queryValidPaths
    //   set<path> paths · since 1.27: bool substitute

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<QueryValidPathsRequest> ReadAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => new()
        {
            Paths = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken),
            Substitute = context.Version.IsAtLeast(27) && await reader.ReadBoolAsync(cancellationToken),
        };
}
