using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Client;

/// <summary>Where a daemon is, and how it is spoken to.</summary>
public sealed record DaemonConnectorOptions
{
    /// <summary>The daemon's Unix socket. Nix: src/libstore/include/nix/store/globals.hh, nixDaemonSocketFile.</summary>
    public string SocketPath
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    } = "/nix/var/nix/daemon-socket/socket";

    /// <summary>The store directory the daemon's paths begin with.</summary>
    public StoreDirectory StoreDirectory { get; init; } = StoreDirectory.Default;

    /// <summary>
    /// Whether outputs are to be asked for by the hash of their derivation also of a daemon that knows them by its path. No feature of the
    /// protocol is announced then.
    /// </summary>
    public bool OutputsByHash { get; init; }

    /// <summary>How long connecting and the handshake may take together.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets what the daemon says while it works on a request: log lines, activities, their progress. Called on the thread that reads the
    /// reply, one message at a time for each connection. If it throws, the operation fails with that and the connection is closed.
    /// </summary>
    public Action<StderrMessage>? Log { get; init; }

    /// <summary>The clock behind the timeout.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
