using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>What to collect. Nix: src/libstore/include/nix/store/gc-store.hh, GCOptions.</summary>
public sealed record CollectGarbageRequest
{
    /// <summary>What to do.</summary>
    public required GcAction Action { get; init; }

    /// <summary>The paths it is about; null for the whole store.</summary>
    public IReadOnlyList<StorePath>? Paths { get; init; }

    /// <summary>
    /// Whether to delete also the paths that refer to <see cref="Paths"/>. Transported with
    /// <see cref="ProtocolFeatures.DeleteDeadSpecificReferrers"/>.
    /// </summary>
    public bool DeleteReferrers { get; init; }

    /// <summary>Whether to delete what is reachable too, which daemons refuse.</summary>
    public bool IgnoreLiveness { get; init; }

    /// <summary>Stop when so many bytes are free; the largest number for no limit.</summary>
    public ulong MaxFreed { get; init; } = ulong.MaxValue;
}
