using System.Text;

namespace Harmonia.Protocol.Store;

/// <summary>
/// The result of building an output, with the key that is used without <c>realisation-with-path-not-hash</c>. Compared by value.
/// Nix up to 2.34: src/libstore/realisation.cc, Realisation.
/// </summary>
public sealed record Realisation
{
    private static readonly IReadOnlyDictionary<DrvOutput, StorePath> None = new Dictionary<DrvOutput, StorePath>();

    /// <summary>The output.</summary>
    public required DrvOutput Id { get; init; }

    /// <summary>Its path.</summary>
    public required StorePath OutPath { get; init; }

    /// <summary>Signatures as text, <c>name:base64</c>; in ascending ordinal order, each once.</summary>
    public IReadOnlyList<string> Signatures
    {
        get;
        init => field = AscendingSet.Of(value, StringComparer.Ordinal);
    } = [];

    /// <summary>The outputs it was built from, with their paths. Nix from 2.34 on leaves it empty.</summary>
    public IReadOnlyDictionary<DrvOutput, StorePath> DependentRealisations { get; init; } = None;

    /// <summary>Reads JSON. Signatures and dependent realisations may be missing; other keys are ignored.</summary>
    /// <exception cref="FormatException">The text is not JSON, or not of a realisation.</exception>
    public static Realisation ParseJson(string json) => RealisationJson.Read(Encoding.UTF8.GetBytes(json));

    /// <summary>JSON as Nix prints it: compact, keys in ascending order.</summary>
    public string ToJson() => Encoding.UTF8.GetString(RealisationJson.Write(this, withSignatures: true));

    /// <summary>The text that is signed: the JSON without signatures, in UTF-8. Nix up to 2.34: Realisation::fingerprint.</summary>
    public byte[] Fingerprint() => RealisationJson.Write(this, withSignatures: false);

    /// <inheritdoc/>
    public bool Equals(Realisation? other) =>
        other is not null
        && Id == other.Id
        && OutPath == other.OutPath
        && Signatures.SequenceEqual(other.Signatures)
        && DependentRealisations.Count == other.DependentRealisations.Count
        && DependentRealisations.All(pair => other.DependentRealisations.TryGetValue(pair.Key, out StorePath? path) && path == pair.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, OutPath);
}
