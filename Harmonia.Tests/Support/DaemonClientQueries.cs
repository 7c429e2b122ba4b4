using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Tests.Support;

/// <summary>Requests that tests send to a daemon besides those of the cache.</summary>
public static class DaemonClientQueries
{
    public static Task SetOptionsAsync(
        this DaemonClient client, ClientOptions options, CancellationToken cancellationToken) => client.Connection.RequestAsync(
        Operation.SetOptions,
        options,
        static (writer, _, options) => ClientOptionsCodec.Write(writer, options),
        static (_, _, _) => ValueTask.FromResult(true),
        cancellationToken);

    public static Task<IReadOnlyList<StorePath>> QueryValidPathsAsync(
        this DaemonClient client, IReadOnlyList<StorePath> paths, bool substitute, CancellationToken cancellationToken) => client.Connection.RequestAsync(
        Operation.QueryValidPaths,
        new QueryValidPathsRequest { Paths = paths, Substitute = substitute },
        QueryValidPathsRequestCodec.Write,
        StorePathCodec.ReadSetAsync,
        cancellationToken);

    public static Task<IReadOnlyList<StorePath>> QueryReferrersAsync(
        this DaemonClient client, StorePath path, CancellationToken cancellationToken) =>
        QueryPathsAsync(client, Operation.QueryReferrers, path, cancellationToken);

    public static Task<IReadOnlyList<StorePath>> QueryValidDeriversAsync(
        this DaemonClient client, StorePath path, CancellationToken cancellationToken) =>
        QueryPathsAsync(client, Operation.QueryValidDerivers, path, cancellationToken);

    public static Task<StorePath?> QueryDeriverAsync(
        this DaemonClient client, StorePath path, CancellationToken cancellationToken) => client.Connection.RequestAsync(
        Operation.QueryDeriver, path, StorePathCodec.Write, StorePathCodec.ReadOptionalAsync, cancellationToken);

    public static Task<IReadOnlyList<StorePath>> QueryDerivationOutputsAsync(
        this DaemonClient client, StorePath derivation, CancellationToken cancellationToken) =>
        QueryPathsAsync(client, Operation.QueryDerivationOutputs, derivation, cancellationToken);

    public static Task<IReadOnlyList<string>> QueryDerivationOutputNamesAsync(
        this DaemonClient client, StorePath derivation, CancellationToken cancellationToken) =>
        client.Connection.RequestAsync(
            Operation.QueryDerivationOutputNames,
            derivation,
            StorePathCodec.Write,
            static (reader, _, token) => ClientReplies.ReadOutputNamesAsync(reader, token),
            cancellationToken);

    public static Task<IReadOnlyList<StorePath>> QuerySubstitutablePathsAsync(
        this DaemonClient client, IReadOnlyList<StorePath> paths, CancellationToken cancellationToken) => client.Connection.RequestAsync(
        Operation.QuerySubstitutablePaths, paths, StorePathCodec.WriteSet, StorePathCodec.ReadSetAsync, cancellationToken);

    public static Task<MissingPaths> QueryMissingAsync(
        this DaemonClient client, IReadOnlyList<DerivedPath> paths, CancellationToken cancellationToken) =>
        client.Connection.RequestAsync(
            Operation.QueryMissing, paths, DerivedPathCodec.WriteList, ClientReplies.ReadMissingAsync, cancellationToken);

    public static Task EnsurePathAsync(
        this DaemonClient client, StorePath path, CancellationToken cancellationToken) => client.Connection.RequestAsync(
        Operation.EnsurePath, path, StorePathCodec.Write, ReadAcknowledgementAsync, cancellationToken);

    public static Task BuildPathsAsync(
        this DaemonClient client, IReadOnlyList<DerivedPath> paths, BuildMode mode, CancellationToken cancellationToken) =>
        client.Connection.RequestAsync(
            Operation.BuildPaths,
            new BuildPathsRequest(paths, mode),
            BuildPathsRequestCodec.Write,
            ReadAcknowledgementAsync,
            cancellationToken);

    public static Task<IReadOnlyList<KeyedBuildResult>> BuildPathsWithResultsAsync(
        this DaemonClient client, IReadOnlyList<DerivedPath> paths, BuildMode mode, CancellationToken cancellationToken) =>
        client.Connection.RequestAsync(
            Operation.BuildPathsWithResults,
            new BuildPathsRequest(paths, mode),
            BuildPathsRequestCodec.Write,
            ClientReplies.ReadBuildResultsAsync,
            cancellationToken);

    /// <summary>Runs an operation without a result on a connection of the pool.</summary>
    public static Task RunAsync(
        this DaemonPool pool, Func<DaemonClient, CancellationToken, Task> operation, CancellationToken cancellationToken) => pool.RunAsync(
        async (client, token) =>
        {
            await operation(client, token);
            return true;
        },
        cancellationToken);

    private static Task<IReadOnlyList<StorePath>> QueryPathsAsync(
        DaemonClient client, Operation operation, StorePath path, CancellationToken cancellationToken) =>
        client.Connection.RequestAsync(operation, path, StorePathCodec.Write, StorePathCodec.ReadSetAsync, cancellationToken);

    // Always 1; it has no meaning.
    private static ValueTask<ulong> ReadAcknowledgementAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => reader.ReadUInt64Async(cancellationToken);
}
