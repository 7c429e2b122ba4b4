using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Configuration;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Gc;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// What an operation works with: the client's connection, the store, and what the client's session keeps between requests. The session
/// owns it and disposes it when the connection closes.
/// </summary>
internal sealed class OperationContext(ClientConnection client, StoreServices store) : IDisposable
{
    private TempRootsFile? _tempRoots;

    public ClientConnection Client { get; } = client;

    public StoreServices Store { get; } = store;

    /// <summary>The settings that hold for this client.</summary>
    public ConnectionSettings Settings { get; set; } = store.Settings;

    /// <summary>
    /// The generation of the database that QueryPathInfo answers from. The session clears it when the database has to be asked for its
    /// generation again.
    /// </summary>
    public ulong? PathInfoGeneration { get; set; }

    public KeepRules Keep => new(Settings.KeepOutputs, Settings.KeepDerivations);

    /// <summary>Which signatures a path needs if it is not content-addressed.</summary>
    public SignaturePolicy Signatures => new(Settings.RequireSignatures, [.. Settings.TrustedPublicKeys, .. Settings.OwnPublicKeys]);

    /// <summary>Whether signatures are checked. Only a trusted client can turn the check off.</summary>
    public bool MustCheckSignatures(bool dontCheck) => !dontCheck || Client.Trust != Trust.Trusted;

    /// <summary>The metadata of a valid path.</summary>
    /// <exception cref="InvalidPathException">The path is not valid.</exception>
    public UnkeyedValidPathInfo GetPathInfo(StorePath path) =>
        Store.Database.QueryPathInfo(path) ?? throw new InvalidPathException(Client.Messages.StoreDirectory, path);

    /// <summary>Starts to add paths to the store.</summary>
    /// <exception cref="IOException">The daemon may not write to the store.</exception>
    public StoreAddition BeginAddition() => new(Store.Writer, Settings.AutoOptimiseStore);

    /// <summary>Protects a path from the garbage collector until the connection closes.</summary>
    /// <exception cref="IOException">The daemon may not create temporary roots.</exception>
    public async Task AddTempRootAsync(StorePath path, CancellationToken cancellationToken)
    {
        _tempRoots ??= await Store.TempRoots.CreateFileAsync(cancellationToken);
        await _tempRoots.AddAsync(path, cancellationToken);
    }

    public void Dispose() => _tempRoots?.Dispose();
}
