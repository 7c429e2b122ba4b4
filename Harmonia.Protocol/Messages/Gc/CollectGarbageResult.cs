namespace Harmonia.Protocol.Messages.Gc;

/// <summary>What a garbage collection did or found. Nix: src/libstore/include/nix/store/gc-store.hh, GCResults.</summary>
public sealed record CollectGarbageResult
{
    /// <summary>
    /// The absolute paths: live, dead or deleted ones, depending on the request. They are texts, because deleted files in the store directory
    /// may have names that are not store paths.
    /// </summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The number of freed bytes.</summary>
    public ulong BytesFreed { get; init; }
}
