using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Configuration;

/// <summary>
/// The settings that hold for one connection: the daemon's, until a client that may sets others for itself. Nix:
/// src/libstore/daemon.cc, ClientSettings.
/// </summary>
internal sealed record ConnectionSettings
{
    /// <summary>Whether paths need a signature that are not named by their content.</summary>
    public bool RequireSignatures { get; init; } = true;

    /// <summary>Whose signatures count.</summary>
    public IReadOnlyList<PublicKey> TrustedPublicKeys { get; init; } = [];

    /// <summary>The files of the keys that sign what is built. What they have signed counts as well.</summary>
    public IReadOnlyList<string> SecretKeyFiles { get; init; } = [];

    /// <summary>The public halves of those.</summary>
    public IReadOnlyList<PublicKey> OwnPublicKeys { get; init; } = [];

    /// <summary>Where paths may be fetched from.</summary>
    public IReadOnlyList<string> Substituters { get; init; } = [];

    /// <summary>What any client may choose as substituter besides those.</summary>
    public IReadOnlyList<string> TrustedSubstituters { get; init; } = [];

    /// <summary>Whether the collector keeps the outputs of derivations that it keeps.</summary>
    public bool KeepOutputs { get; init; }

    /// <summary>Whether the collector keeps the derivations of outputs that it keeps.</summary>
    public bool KeepDerivations { get; init; } = true;

    /// <summary>Whether files that are added become links to equal ones.</summary>
    public bool AutoOptimiseStore { get; init; }

    /// <summary>The settings of a connection whose client has said nothing.</summary>
    /// <param name="options">The daemon's.</param>
    /// <param name="warnings">Gets which secret keys can't be used.</param>
    public static ConnectionSettings Of(DaemonOptions options, List<string> warnings) => new()
    {
        RequireSignatures = options.RequireSignatures,
        TrustedPublicKeys = options.TrustedPublicKeys,
        SecretKeyFiles = options.SecretKeyFiles,
        OwnPublicKeys = TrustedKeys.OfSecretKeys(options.SecretKeyFiles, warnings),
        Substituters = options.Substituters,
        TrustedSubstituters = options.TrustedSubstituters,
        KeepOutputs = options.KeepOutputs,
        KeepDerivations = options.KeepDerivations,
        AutoOptimiseStore = options.AutoOptimiseStore,
    };

    /// <summary>These settings with others instead of some.</summary>
    /// <param name="overrides">Those others, which the client may set.</param>
    /// <param name="warnings">Gets what can't be used.</param>
    public ConnectionSettings With(NixSettings overrides, List<string> warnings)
    {
        IReadOnlyList<string>? secretKeyFiles = overrides.Words("secret-key-files", SecretKeyFiles);
        ConnectionSettings result = this with
        {
            RequireSignatures = overrides.Boolean("require-sigs") ?? RequireSignatures,
            TrustedPublicKeys = overrides.PublicKeys("trusted-public-keys", TrustedPublicKeys) ?? TrustedPublicKeys,
            SecretKeyFiles = secretKeyFiles ?? SecretKeyFiles,
            OwnPublicKeys = secretKeyFiles is null ? OwnPublicKeys : TrustedKeys.OfSecretKeys(secretKeyFiles, warnings),
            Substituters = overrides.Words("substituters", Substituters) ?? Substituters,
            TrustedSubstituters = overrides.Words("trusted-substituters", TrustedSubstituters) ?? TrustedSubstituters,
            KeepOutputs = overrides.Boolean("keep-outputs") ?? KeepOutputs,
            KeepDerivations = overrides.Boolean("keep-derivations") ?? KeepDerivations,
            AutoOptimiseStore = overrides.Boolean("auto-optimise-store") ?? AutoOptimiseStore,
        };
        warnings.AddRange(overrides.Errors.Select(error => error.ToString()));
        return result;
    }
}
