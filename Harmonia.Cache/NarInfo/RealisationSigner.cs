using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// Collects the signatures of a realisation, as <see cref="NarInfoSigner"/> does for paths. Clients accept a realisation only with a
/// signature from a trusted key.
/// </summary>
public sealed class RealisationSigner(NarInfoSigner signer)
{
    private static readonly Dictionary<DrvOutput, StorePath> None = [];

    /// <summary>For clients up to Nix 2.34.</summary>
    /// <param name="realisation">The realisation that the daemon has.</param>
    /// <param name="isUltimate">Whether its path was built here.</param>
    public Realisation Sign(Realisation realisation, bool isUltimate)
    {
        IEnumerable<Signature> ours = signer.Sign(realisation.Fingerprint(), isUltimate);
        // Nix 2.34 checks without them, and earlier releases with them.
        if (realisation.DependentRealisations.Count > 0)
            ours = ours.Concat(signer.Sign((realisation with { DependentRealisations = None }).Fingerprint(), isUltimate));
        return realisation with { Signatures = Union(realisation.Signatures, ours) };
    }

    /// <summary>For clients from Nix 2.35 on.</summary>
    /// <param name="key">The output.</param>
    /// <param name="realisation">The realisation that the daemon has.</param>
    /// <param name="isUltimate">Whether its path was built here.</param>
    public UnkeyedRealisation Sign(BuildTraceKey key, UnkeyedRealisation realisation, bool isUltimate) =>
        realisation with { Signatures = Union(realisation.Signatures, signer.Sign(realisation.Fingerprint(key), isUltimate)) };

    // Clients refuse the whole realisation if they can't parse one signature.
    private static string[] Union(IEnumerable<string> known, IEnumerable<Signature> ours) =>
        [.. known.Where(text => Signature.TryParse(text, out _)), .. ours.Select(signature => signature.ToString())];
}
