using System.Text;

namespace Harmonia.Protocol.Store;

/// <summary>
/// The result of building an output: the value of a build trace entry. Compared by value.
/// Nix from 2.35 on: src/libstore/include/nix/store/realisation.hh, UnkeyedRealisation.
/// </summary>
public sealed record UnkeyedRealisation
{
    /// <summary>The path of the output.</summary>
    public required StorePath OutPath { get; init; }

    /// <summary>Signatures as text, <c>name:base64</c>; in ascending ordinal order, each once.</summary>
    public IReadOnlyList<string> Signatures
    {
        get;
        init => field = AscendingSet.Of(value, StringComparer.Ordinal);
    } = [];

    /// <summary>The text that is signed: JSON of key and path in UTF-8. Nix from 2.35 on: UnkeyedRealisation::fingerprint.</summary>
    // Paths and names have no character that JSON would escape.
    public byte[] Fingerprint(BuildTraceKey key) => Encoding.UTF8.GetBytes(
        $$$"""{"key":{"drvPath":"{{{key.Derivation}}}","outputName":"{{{key.OutputName}}}"},"value":{"outPath":"{{{OutPath}}}"}}""");

    /// <inheritdoc/>
    public bool Equals(UnkeyedRealisation? other) =>
        other is not null && OutPath == other.OutPath && Signatures.SequenceEqual(other.Signatures);

    /// <inheritdoc/>
    public override int GetHashCode() => OutPath.GetHashCode();
}
