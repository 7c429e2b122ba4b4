using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>Which daemon a <see cref="DaemonCatalog"/> asks.</summary>
public sealed record DaemonCatalogOptions
{
    public required string SocketPath { get; init; }

    /// <summary>The store directory of the daemon's paths.</summary>
    public required StoreDirectory StoreDirectory { get; init; }

    /// <summary>How many questions may be asked at once; each needs a connection.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>The clock behind every time limit.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The options of its connections.</summary>
    internal DaemonConnectorOptions Connection => new()
    {
        SocketPath = SocketPath,
        StoreDirectory = StoreDirectory,
        TimeProvider = TimeProvider,
    };
}
