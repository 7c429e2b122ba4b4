using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Client;

/// <summary>The address of a daemon, and how to talk to it.</summary>
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
    /// Whether to ask for outputs by the hash of their derivation, even if the daemon knows them by the path of the derivation. The client
    /// then announces no protocol features.
    /// </summary>
    public bool OutputsByHash { get; init; }

    /// <summary>The time limit for connecting and the handshake together.</summary>
    public TimeSpan ConnectTimeout { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock behind the timeout.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
