using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>What to collect. Nix: src/libstore/include/nix/store/gc-store.hh, GCOptions.</summary>
public sealed record CollectGarbageRequest
{
    /// <summary>The action.</summary>
    public required GcAction Action { get; init; }

    /// <summary>The paths to work on; null for the whole store.</summary>
    public IReadOnlyList<StorePath>? Paths { get; init; }

    /// <summary>
    /// Whether to delete the paths that refer to <see cref="Paths"/> as well. Transported with
    /// <see cref="ProtocolFeatures.DeleteDeadSpecificReferrers"/>.
    /// </summary>
    public bool DeleteReferrers { get; init; }

    /// <summary>Whether to delete reachable paths too, which daemons refuse.</summary>
    public bool IgnoreLiveness { get; init; }

    /// <summary>The number of freed bytes at which to stop; the largest number for no limit.</summary>
    public ulong MaxFreed { get; init; } = ulong.MaxValue;
}
