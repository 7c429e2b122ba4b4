namespace Harmonia.Protocol.Messages.Gc;

/// <summary>What a garbage collection did or found. Nix: src/libstore/include/nix/store/gc-store.hh, GCResults.</summary>
public sealed record CollectGarbageResult
{
    /// <summary>
    /// The absolute paths: live, dead or deleted ones, depending on the request. Among the deleted may be names in the store
    /// directory that are no store paths, hence texts, for people.
    /// </summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>How many bytes were freed.</summary>
    public ulong BytesFreed { get; init; }
}
