using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Client;

/// <summary>One connection to a daemon, with a method for every query. One operation at a time.</summary>
/// <remarks>
/// What every operation throws: <see cref="RemoteErrorException"/> when the daemon says no, after which the connection goes on;
/// <see cref="WireException"/> or another <see cref="IOException"/> when the daemon breaks the protocol or the connection, and
/// <see cref="OperationCanceledException"/>, after which it is not <see cref="IsInStep"/> any more;
/// <see cref="InvalidOperationException"/> when it is not in step. Belongs to whoever opened it, or to a <see cref="DaemonPool"/>.
/// </remarks>
public sealed class DaemonClient : IDisposable
{
    /// <summary>How many hash parts may be asked for at once.</summary>
    public const int MaxHashParts = WireLimits.HashParts;

    private const byte FirstMinorWithRealisations = 27;

    private readonly DaemonConnection _connection;

    internal DaemonClient(DaemonConnection connection) => _connection = connection;

    /// <summary>The version of the protocol that is spoken.</summary>
    public ProtocolVersion Version => _connection.Handshake.Version;

    /// <summary>The features both sides have.</summary>
    public FeatureSet Features => _connection.Handshake.Features;

    /// <summary>The version of Nix the daemon claims to be; null before protocol 1.33.</summary>
    public string? NixVersion => _connection.Handshake.NixVersion;

    /// <summary>Whether the daemon trusts this user.</summary>
    public Trust Trust => _connection.Handshake.Trust;

    /// <summary>
    /// Whether an operation may begin. False while one is under way, and for good after one that was cancelled or broken off: then the
    /// client can only be disposed.
    /// </summary>
    public bool IsInStep => _connection.IsInStep;

    /// <summary>Whether the daemon knows outputs by the path of their derivation, as Nix does from 2.35 on.</summary>
    public bool HasBuildTrace => Features.Contains(ProtocolFeatures.RealisationWithPathNotHash);

    /// <summary>Whether the daemon can be asked for outputs by the hash of their derivation, as it can up to Nix 2.34.</summary>
    public bool HasRealisations => Version.IsAtLeast(FirstMinorWithRealisations) && !HasBuildTrace;

    /// <summary>Whether the daemon is a Harmonia daemon with the operations a binary cache wants.</summary>
    public bool HasHarmoniaCache => Features.Contains(ProtocolFeatures.HarmoniaCache);

    internal bool IsQuiet => _connection.IsQuiet;

    internal bool WasLostUnanswered => _connection.WasLostUnanswered;

    internal bool HasAnswered
    {
        get => _connection.HasAnswered;
        set => _connection.HasAnswered = value;
    }

    internal DaemonPoolMetrics? Metrics
    {
        set => _connection.Metrics = value;
    }

    /// <summary>
    /// Tells the daemon this user's settings, as the nix programs do before anything else. Never sent unasked: a daemon has defaults.
    /// </summary>
    public Task SetOptionsAsync(ClientOptions options, CancellationToken cancellationToken) => _connection.RequestAsync(
        Operation.SetOptions,
        options,
        static (writer, _, options) => ClientOptionsCodec.Write(writer, options),
        static (_, _, _) => ValueTask.FromResult(true),
        cancellationToken);

    /// <summary>Whether the path is registered as valid.</summary>
    public Task<bool> IsValidPathAsync(StorePath path, CancellationToken cancellationToken) => _connection.RequestAsync(
        Operation.IsValidPath, path, StorePathCodec.Write, static (reader, _, token) => reader.ReadBoolAsync(token), cancellationToken);

    /// <summary>Those of the paths that are valid.</summary>
    /// <param name="paths">The paths asked for.</param>
    /// <param name="substitute">Whether the daemon shall first try to substitute those that are not valid.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    public Task<IReadOnlyList<StorePath>> QueryValidPathsAsync(
        IReadOnlyList<StorePath> paths, bool substitute, CancellationToken cancellationToken) => _connection.RequestAsync(
        Operation.QueryValidPaths,
        new QueryValidPathsRequest { Paths = paths, Substitute = substitute },
        QueryValidPathsRequestCodec.Write,
        StorePathCodec.ReadSetAsync,
        cancellationToken);

    /// <summary>Every valid path.</summary>
    public Task<IReadOnlyList<StorePath>> QueryAllValidPathsAsync(CancellationToken cancellationToken) => _connection.RequestAsync(
        Operation.QueryAllValidPaths, 0, static (_, _, _) => { }, StorePathCodec.ReadSetAsync, cancellationToken);

    /// <summary>What the store knows about a path; null when it is not valid.</summary>
    public Task<UnkeyedValidPathInfo?> QueryPathInfoAsync(StorePath path, CancellationToken cancellationToken) =>
        _connection.RequestAsync(
            Operation.QueryPathInfo, path, StorePathCodec.Write, UnkeyedValidPathInfoCodec.ReadOptionalAsync, cancellationToken);

    /// <summary>The valid path with this hash part, or null.</summary>
    public Task<StorePath?> QueryPathFromHashPartAsync(StorePathHash hash, CancellationToken cancellationToken) =>
        _connection.RequestAsync(
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
        return _connection.RequestAsync(
            Operation.QueryPathInfosByHashPart,
            hashParts,
            static (writer, _, hashParts) => StorePathHashCodec.WriteList(writer, hashParts),
            (reader, context, token) => OptionalPathInfosCodec.ReadAsync(reader, context, hashParts.Count, token),
            cancellationToken);
    }

    /// <summary>Returns once the database is of another generation than the known one, or patience is at an end.</summary>
    /// <param name="generation">What the last answer on this connection said; 0 at first, which is answered at once.</param>
    /// <param name="patience">How long to wait at most: whole milliseconds.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <exception cref="NotSupportedException">It is not a Harmonia daemon (<see cref="HasHarmoniaCache"/>).</exception>
    public Task<StoreChange> AwaitStoreChangeAsync(ulong generation, TimeSpan patience, CancellationToken cancellationToken)
    {
        RequireHarmoniaCache();
        return _connection.RequestAsync(
            Operation.AwaitStoreChange,
            new AwaitStoreChangeRequest(generation, patience),
            static (writer, _, request) => AwaitStoreChangeRequestCodec.Write(writer, request),
            StoreChangeCodec.ReadAsync,
            cancellationToken);
    }

    /// <summary>The valid paths that refer to a path, which need not be valid.</summary>
    public Task<IReadOnlyList<StorePath>> QueryReferrersAsync(StorePath path, CancellationToken cancellationToken) =>
        QueryPathsAsync(Operation.QueryReferrers, path, cancellationToken);

    /// <summary>The valid derivations that have a path as an output.</summary>
    public Task<IReadOnlyList<StorePath>> QueryValidDeriversAsync(StorePath path, CancellationToken cancellationToken) =>
        QueryPathsAsync(Operation.QueryValidDerivers, path, cancellationToken);

    /// <summary>The derivation a path was built from, where known. Obsolete: path infos say the same.</summary>
    /// <exception cref="RemoteErrorException">The path is not valid.</exception>
    public Task<StorePath?> QueryDeriverAsync(StorePath path, CancellationToken cancellationToken) => _connection.RequestAsync(
        Operation.QueryDeriver, path, StorePathCodec.Write, StorePathCodec.ReadOptionalAsync, cancellationToken);

    /// <summary>The known output paths of a derivation. Obsolete since protocol 1.22, still answered.</summary>
    /// <exception cref="RemoteErrorException">The derivation is not valid.</exception>
    public Task<IReadOnlyList<StorePath>> QueryDerivationOutputsAsync(StorePath derivation, CancellationToken cancellationToken) =>
        QueryPathsAsync(Operation.QueryDerivationOutputs, derivation, cancellationToken);

    /// <summary>The names of a derivation's outputs. Obsolete since protocol 1.22, still answered.</summary>
    /// <exception cref="RemoteErrorException">The derivation is not valid.</exception>
    public Task<IReadOnlyList<string>> QueryDerivationOutputNamesAsync(StorePath derivation, CancellationToken cancellationToken) =>
        _connection.RequestAsync(
            Operation.QueryDerivationOutputNames,
            derivation,
            StorePathCodec.Write,
            static (reader, _, token) => StringSetCodec.ReadOutputNamesAsync(reader, token),
            cancellationToken);

    /// <summary>The outputs of a derivation by name, with their paths where known.</summary>
    /// <exception cref="RemoteErrorException">The derivation is not valid.</exception>
    /// <exception cref="NotSupportedException">The daemon speaks a protocol before 1.22.</exception>
    public Task<IReadOnlyDictionary<string, StorePath?>> QueryDerivationOutputMapAsync(
        StorePath derivation, CancellationToken cancellationToken)
    {
        RequireVersion(22, Operation.QueryDerivationOutputMap);
        return _connection.RequestAsync(
            Operation.QueryDerivationOutputMap, derivation, StorePathCodec.Write, DerivationOutputMapCodec.ReadAsync, cancellationToken);
    }

    /// <summary>What a content-addressed derivation's output was built to, by the derivation's hash; null when it is not known.</summary>
    /// <exception cref="RemoteErrorException">The daemon does not have content-addressed derivations switched on.</exception>
    /// <exception cref="NotSupportedException">
    /// The daemon speaks a protocol before 1.27, or knows outputs by the path of the derivation only (<see cref="HasBuildTrace"/>).
    /// </exception>
    public Task<Realisation?> QueryRealisationAsync(DrvOutput output, CancellationToken cancellationToken)
    {
        RequireVersion(FirstMinorWithRealisations, Operation.QueryRealisation);
        if (HasBuildTrace)
            throw new NotSupportedException("The daemon knows outputs by the path of their derivation, not by its hash.");
        return _connection.RequestAsync(
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
        return _connection.RequestAsync(
            Operation.QueryRealisation, output, BuildTraceKeyCodec.Write, UnkeyedRealisationCodec.ReadOptionalAsync, cancellationToken);
    }

    /// <summary>Those of the paths that the daemon's substituters have.</summary>
    public Task<IReadOnlyList<StorePath>> QuerySubstitutablePathsAsync(
        IReadOnlyList<StorePath> paths, CancellationToken cancellationToken) => _connection.RequestAsync(
        Operation.QuerySubstitutablePaths, paths, StorePathCodec.WriteSet, StorePathCodec.ReadSetAsync, cancellationToken);

    /// <summary>What would have to be built or fetched to have these.</summary>
    /// <exception cref="NotSupportedException">The daemon speaks a protocol before 1.19.</exception>
    public Task<MissingPaths> QueryMissingAsync(IReadOnlyList<DerivedPath> paths, CancellationToken cancellationToken)
    {
        RequireVersion(19, Operation.QueryMissing);
        return _connection.RequestAsync(
            Operation.QueryMissing, paths, DerivedPathCodec.WriteList, MissingPathsCodec.ReadAsync, cancellationToken);
    }

    /// <summary>
    /// Copies the NAR of a path, as it arrives. The hash is the caller's to compare: a daemon whose file system changed, or lies, sends
    /// a NAR all the same.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="destination">Gets exactly the NAR's bytes. If it throws, so does this, and the connection is closed.</param>
    /// <param name="cancellationToken">Ends the copying, and the connection with it.</param>
    /// <exception cref="RemoteErrorException">The path is not valid; nothing was copied. Real daemons close the connection after it.</exception>
    public Task<CopiedNar> NarFromPathAsync(StorePath path, Stream destination, CancellationToken cancellationToken) =>
        _connection.RequestAsync(
            Operation.NarFromPath,
            path,
            StorePathCodec.Write,
            (reader, context, token) => NarCopy.ReadAsync(reader, context, destination, token),
            cancellationToken);

    /// <summary>Keeps a path, valid or not, from the garbage collector for as long as this connection is open.</summary>
    public Task AddTempRootAsync(StorePath path, CancellationToken cancellationToken) => _connection.RequestAsync(
        Operation.AddTempRoot, path, StorePathCodec.Write, ReadAcknowledgementAsync, cancellationToken);

    /// <summary>Returns when the path is valid, by substitution if necessary.</summary>
    /// <exception cref="RemoteErrorException">It is not valid, and cannot be substituted.</exception>
    public Task EnsurePathAsync(StorePath path, CancellationToken cancellationToken) => _connection.RequestAsync(
        Operation.EnsurePath, path, StorePathCodec.Write, ReadAcknowledgementAsync, cancellationToken);

    /// <summary>Builds or substitutes.</summary>
    /// <exception cref="RemoteErrorException">One of them failed.</exception>
    public Task BuildPathsAsync(IReadOnlyList<DerivedPath> paths, BuildMode mode, CancellationToken cancellationToken) =>
        _connection.RequestAsync(
            Operation.BuildPaths,
            new BuildPathsRequest(paths, mode),
            BuildPathsRequestCodec.Write,
            ReadAcknowledgementAsync,
            cancellationToken);

    /// <summary>Builds or substitutes, and tells how each went.</summary>
    /// <exception cref="NotSupportedException">The daemon speaks a protocol before 1.34.</exception>
    public Task<IReadOnlyList<KeyedBuildResult>> BuildPathsWithResultsAsync(
        IReadOnlyList<DerivedPath> paths, BuildMode mode, CancellationToken cancellationToken)
    {
        RequireVersion(34, Operation.BuildPathsWithResults);
        return _connection.RequestAsync(
            Operation.BuildPathsWithResults,
            new BuildPathsRequest(paths, mode),
            BuildPathsRequestCodec.Write,
            KeyedBuildResultCodec.ReadListAsync,
            cancellationToken);
    }

    /// <summary>Closes the connection. Not while an operation is under way.</summary>
    public void Dispose() => _connection.Dispose();

    /// <summary>Closes the connection under the operation that is under way, which fails.</summary>
    internal void Abort() => _connection.Abort();

    // Always 1 and without a meaning.
    private static ValueTask<ulong> ReadAcknowledgementAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken) => reader.ReadUInt64Async(cancellationToken);

    private Task<IReadOnlyList<StorePath>> QueryPathsAsync(
        Operation operation, StorePath path, CancellationToken cancellationToken) =>
        _connection.RequestAsync(operation, path, StorePathCodec.Write, StorePathCodec.ReadSetAsync, cancellationToken);

    private void RequireVersion(byte minor, Operation operation)
    {
        if (!Version.IsAtLeast(minor))
            throw new NotSupportedException($"{operation} needs protocol 1.{minor}; the daemon speaks {Version}.");
    }

    private void RequireHarmoniaCache()
    {
        if (!HasHarmoniaCache)
            throw new NotSupportedException($"The daemon lacks the feature {ProtocolFeatures.HarmoniaCache}.");
    }
}
