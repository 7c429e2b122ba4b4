using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>
/// A derivation whose inputs are all store paths. Its name is in the path of the derivation. Builder, arguments and environment are
/// bytes, because they need not be UTF-8, and hashes depend on them.
/// Nix: src/libstore/include/nix/store/derivations.hh, BasicDerivation.
/// </summary>
public sealed record BasicDerivation
{
    /// <summary>The outputs, in ascending order of their names.</summary>
    public required IReadOnlyList<BasicDerivationOutput> Outputs { get; init; }

    /// <summary>The input paths.</summary>
    public IReadOnlyList<StorePath> InputSources { get; init; } = [];

    /// <summary>The system it is built on, for example <c>x86_64-linux</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The program that builds it.</summary>
    public required ReadOnlyMemory<byte> Builder { get; init; }

    /// <summary>The program's arguments.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Arguments { get; init; } = [];

    /// <summary>The program's environment, in ascending order of names.</summary>
    public IReadOnlyList<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> Environment { get; init; } = [];
}
