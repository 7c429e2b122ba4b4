using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Client;

/// <summary>One connection to a daemon, with a method for each request of a binary cache and of the command that collects garbage. One operation at a time.</summary>
/// <remarks>
/// Every operation can throw <see cref="RemoteErrorException"/> when the daemon refuses; the connection stays usable. It can throw
/// <see cref="WireException"/> or another <see cref="IOException"/> when the daemon breaks the protocol or the connection, and
/// <see cref="OperationCanceledException"/>; the connection is then no longer <see cref="IsInStep"/>. It throws
/// <see cref="InvalidOperationException"/> when the connection is not in step. The owner is who opened it, or a <see cref="DaemonPool"/>.
/// </remarks>
public sealed class DaemonClient : IDisposable
{
    /// <summary>The maximum number of hash parts in one request.</summary>
    public const int MaxHashParts = WireLimits.HashParts;

    private const byte FirstMinorWithRealisations = 27;

    internal DaemonClient(DaemonConnection connection) => Connection = connection;

    /// <summary>The negotiated version of the protocol.</summary>
    public ProtocolVersion Version => Connection.Handshake.Version;

    /// <summary>The features both sides have.</summary>
    public FeatureSet Features => Connection.Handshake.Features;

    /// <summary>
    /// Whether an operation may begin. False while one runs. After a cancelled or interrupted operation it stays false, and the client can
    /// only be disposed.
    /// </summary>
    public bool IsInStep => Connection.IsInStep;

    /// <summary>Whether the daemon knows outputs by the path of their derivation, as Nix does from 2.35 on.</summary>
    public bool HasBuildTrace => Features.Contains(ProtocolFeatures.RealisationWithPathNotHash);

    /// <summary>Whether the daemon can be asked for outputs by the hash of their derivation, as it can up to Nix 2.34.</summary>
    public bool HasRealisations => Version.IsAtLeast(FirstMinorWithRealisations) && !HasBuildTrace;

    /// <summary>Whether the daemon is a Harmonia daemon with the operations for binary caches.</summary>
    public bool HasHarmoniaCache => Features.Contains(ProtocolFeatures.HarmoniaCache);

    /// <summary>
    /// Whether the daemon names the paths that have changed, and a generation from it holds on later connections too, until it ends.
    /// </summary>
    public bool HasHarmoniaChanges => HasHarmoniaCache && Features.Contains(ProtocolFeatures.HarmoniaChanges);

    /// <summary>Whether the daemon counts its paths without sending their names.</summary>
    public bool HasHarmoniaCount => HasHarmoniaCache && Features.Contains(ProtocolFeatures.HarmoniaCount);

    /// <summary>The connection for the requests.</summary>
    internal DaemonConnection Connection { get; }

    internal bool IsQuiet => Connection.IsQuiet;

    internal bool WasLostUnanswered => Connection.WasLostUnanswered;

    internal bool HasAnswered
    {
        get => Connection.HasAnswered;
        set => Connection.HasAnswered = value;
    }

    internal DaemonPoolMetrics? Metrics
    {
        set => Connection.Metrics = value;
    }

    /// <summary>Whether the path is registered as valid.</summary>
    public Task<bool> IsValidPathAsync(StorePath path, CancellationToken cancellationToken) => Connection.RequestAsync(
        Operation.IsValidPath, path, StorePathCodec.Write, static (reader, _, token) => reader.ReadBoolAsync(token), cancellationToken);

    /// <summary>
    /// The number of valid paths. Without <see cref="HasHarmoniaCount"/>, the daemon sends all of their names, of which none is kept.
    /// </summary>
    public Task<int> CountValidPathsAsync(CancellationToken cancellationToken) => HasHarmoniaCount
        ? Connection.RequestAsync(
            Operation.CountValidPaths,
            0,
            static (_, _, _) => { },
            static (reader, _, token) => reader.ReadCountAsync(WireLimits.StorePaths, token),
            cancellationToken)
        : ReadValidPathsAsync(static _ => { }, cancellationToken);

    /// <summary>Reads the hash parts of all valid paths, one at a time, and returns their number.</summary>
    /// <param name="found">Called for each of them, on any thread, but never twice at a time.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    public Task<int> ReadValidPathsAsync(Action<StorePathHash> found, CancellationToken cancellationToken) => Connection.RequestAsync(
        Operation.QueryAllValidPaths,
        0,
        static (_, _, _) => { },
        (reader, context, token) => StorePathCodec.ReadHashPartsAsync(reader, context, found, token),
        cancellationToken);

    /// <summary>Every valid path, in ascending order.</summary>
    public Task<IReadOnlyList<StorePath>> QueryAllValidPathsAsync(CancellationToken cancellationToken) =>
        Connection.RequestAsync(Operation.QueryAllValidPaths, 0, static (_, _, _) => { }, StorePathCodec.ReadSetAsync, cancellationToken);

    /// <summary>The outputs of a valid derivation, and their paths if they are known.</summary>
    public Task<IReadOnlyDictionary<string, StorePath?>> QueryDerivationOutputMapAsync(
        StorePath derivation, CancellationToken cancellationToken) => Connection.RequestAsync(
        Operation.QueryDerivationOutputMap, derivation, StorePathCodec.Write, DerivationOutputMapCodec.ReadAsync, cancellationToken);

    /// <summary>The valid paths that refer to a path, itself included if it does. The daemon sends all of their names.</summary>
    /// <param name="path">The path. One that is not valid has none.</param>
    /// <param name="max">How many of them are kept.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    public Task<FirstPaths> QueryReferrersAsync(StorePath path, int max, CancellationToken cancellationToken) => Connection.RequestAsync(
        Operation.QueryReferrers,
        path,
        StorePathCodec.Write,
        (reader, context, token) => StorePathCodec.ReadFirstAsync(reader, context, max, token),
        cancellationToken);

    /// <summary>What the store knows about a path; null when it is not valid.</summary>
    public Task<UnkeyedValidPathInfo?> QueryPathInfoAsync(StorePath path, CancellationToken cancellationToken) =>
        Connection.RequestAsync(
            Operation.QueryPathInfo, path, StorePathCodec.Write, UnkeyedValidPathInfoCodec.ReadOptionalAsync, cancellationToken);

    /// <summary>The valid path with this hash part, or null.</summary>
    public Task<StorePath?> QueryPathFromHashPartAsync(StorePathHash hash, CancellationToken cancellationToken) =>
        Connection.RequestAsync(
            Operation.QueryPathFromHashPart,
            hash,
            static (writer, _, hash) => writer.WriteString(hash.ToString()),
            StorePathCodec.ReadOptionalAsync,
            cancellationToken);

    /// <summary>
    /// The valid paths with these hash parts and what the store knows of them, all from one state of the database: one for each hash
    /// part, in their order, null where there is none.
    /// </summary>
    /// <param name="hashParts">At most <see cref="MaxHashParts"/>.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <exception cref="NotSupportedException">It is not a Harmonia daemon (<see cref="HasHarmoniaCache"/>).</exception>
    public Task<IReadOnlyList<ValidPathInfo?>> QueryPathInfosAsync(
        IReadOnlyList<StorePathHash> hashParts, CancellationToken cancellationToken)
    {
        RequireHarmoniaCache();
        return Connection.RequestAsync(
            Operation.QueryPathInfosByHashPart,
            hashParts,
            static (writer, _, hashParts) => StorePathHashCodec.WriteList(writer, hashParts),
            (reader, context, token) => OptionalPathInfosCodec.ReadAsync(reader, context, hashParts.Count, token),
            cancellationToken);
    }

    /// <summary>Returns when the database has a generation other than the known one, or when the time is up.</summary>
    /// <param name="generation">
    /// The generation from the last answer on this connection; with <see cref="HasHarmoniaChanges"/> also from an earlier one. For 0, and for
    /// a generation that it does not know, the daemon answers at once.
    /// </param>
    /// <param name="patience">The maximum time to wait, in whole milliseconds.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <exception cref="NotSupportedException">It is not a Harmonia daemon (<see cref="HasHarmoniaCache"/>).</exception>
    public Task<StoreChange> AwaitStoreChangeAsync(ulong generation, TimeSpan patience, CancellationToken cancellationToken)
    {
        RequireHarmoniaCache();
        return Connection.RequestAsync(
            Operation.AwaitStoreChange,
            new AwaitStoreChangeRequest(generation, patience),
            static (writer, _, request) => AwaitStoreChangeRequestCodec.Write(writer, request),
            StoreChangeCodec.ReadAsync,
            cancellationToken);
    }

    /// <summary>What a content-addressed derivation's output was built to, by the derivation's hash; null when it is not known.</summary>
    /// <exception cref="RemoteErrorException">The daemon does not have content-addressed derivations switched on.</exception>
    /// <exception cref="NotSupportedException">
    /// The daemon speaks a protocol before 1.27, or knows outputs by the path of the derivation only (<see cref="HasBuildTrace"/>).
    /// </exception>
    public Task<Realisation?> QueryRealisationAsync(DrvOutput output, CancellationToken cancellationToken)
    {
        if (!Version.IsAtLeast(FirstMinorWithRealisations))
            throw new NotSupportedException($"{Operation.QueryRealisation} needs protocol 1.{FirstMinorWithRealisations}; the daemon speaks {Version}.");
        if (HasBuildTrace)
            throw new NotSupportedException("The daemon knows outputs by the path of their derivation, not by its hash.");
        return Connection.RequestAsync(
            Operation.QueryRealisation,
            output,
            static (writer, _, output) => DrvOutputCodec.Write(writer, output),
            (reader, context, token) => RealisationCodec.ReadOptionalAsync(reader, context, output, token),
            cancellationToken);
    }

    /// <summary>What an output was built to, by the derivation's path; null when it is not known.</summary>
    /// <exception cref="NotSupportedException">The daemon does not know outputs by path (<see cref="HasBuildTrace"/>).</exception>
    public Task<UnkeyedRealisation?> QueryRealisationAsync(BuildTraceKey output, CancellationToken cancellationToken)
    {
        if (!HasBuildTrace)
            throw new NotSupportedException($"The daemon lacks the feature {ProtocolFeatures.RealisationWithPathNotHash}.");
        return Connection.RequestAsync(
            Operation.QueryRealisation, output, BuildTraceKeyCodec.Write, UnkeyedRealisationCodec.ReadOptionalAsync, cancellationToken);
    }

    /// <summary>Keeps a path, valid or not, from every garbage collector until this connection closes.</summary>
    public Task AddTempRootAsync(StorePath path, CancellationToken cancellationToken) => Connection.RequestAsync(
        Operation.AddTempRoot, path, StorePathCodec.Write, static (reader, _, token) => reader.ReadUInt64Async(token), cancellationToken);

    /// <summary>All roots of the garbage collector. A daemon may hide which processes hold them.</summary>
    public Task<IReadOnlyList<GcRoot>> FindRootsAsync(CancellationToken cancellationToken) =>
        Connection.RequestAsync(Operation.FindRoots, 0, static (_, _, _) => { }, GcRootsCodec.ReadAsync, cancellationToken);

    /// <summary>Lists or deletes garbage, which may take minutes.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="log">Gets what the daemon tells its user meanwhile, line by line.</param>
    /// <param name="cancellationToken">Closes the connection, upon which the daemon stops between two deletions.</param>
    public async Task<CollectGarbageResult> CollectGarbageAsync(
        CollectGarbageRequest request, Action<string> log, CancellationToken cancellationToken)
    {
        Connection.Log = log;
        try
        {
            return await Connection.RequestAsync(
                Operation.CollectGarbage,
                request,
                CollectGarbageRequestCodec.Write,
                static (reader, _, token) => CollectGarbageResultCodec.ReadAsync(reader, token),
                cancellationToken);
        }
        finally
        {
            Connection.Log = null;
        }
    }

    /// <summary>Closes the connection. Call it only when no operation is running.</summary>
    public void Dispose() => Connection.Dispose();

    /// <summary>Closes the connection. An operation that is running fails.</summary>
    internal void Abort() => Connection.Abort();

    private void RequireHarmoniaCache()
    {
        if (!HasHarmoniaCache)
            throw new NotSupportedException($"The daemon lacks the feature {ProtocolFeatures.HarmoniaCache}.");
    }
}
