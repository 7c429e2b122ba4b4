using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>
/// A derivation whose inputs are all store paths. It has no name of its own; the name is in the path of the derivation. What the
/// builder gets is kept in bytes, since hashes depend on it and it need not be UTF-8.
/// Nix: src/libstore/include/nix/store/derivations.hh, BasicDerivation.
/// </summary>
public sealed record BasicDerivation
{
    /// <summary>What it makes, ascending by name.</summary>
    public required IReadOnlyList<BasicDerivationOutput> Outputs { get; init; }

    /// <summary>What it needs.</summary>
    public IReadOnlyList<StorePath> InputSources { get; init; } = [];

    /// <summary>The system it is built on, for example <c>x86_64-linux</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The program that builds it.</summary>
    public required ReadOnlyMemory<byte> Builder { get; init; }

    /// <summary>The program's arguments.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Arguments { get; init; } = [];

    /// <summary>The program's environment, ascending by name.</summary>
    public IReadOnlyList<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> Environment { get; init; } = [];
}
