using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Configuration;

/// <summary>
/// The settings of one connection. They are the daemon's until the client overrides them, if it may. Nix:
/// src/libstore/daemon.cc, ClientSettings.
/// </summary>
internal sealed record ConnectionSettings
{
    /// <summary>Whether paths that are not content-addressed need a signature.</summary>
    public bool RequireSignatures { get; init; } = true;

    /// <summary>The keys whose signatures are trusted.</summary>
    public IReadOnlyList<PublicKey> TrustedPublicKeys { get; init; } = [];

    /// <summary>The files of the keys that sign builds. Their signatures are trusted too.</summary>
    public IReadOnlyList<string> SecretKeyFiles { get; init; } = [];

    /// <summary>The public keys of these files.</summary>
    public IReadOnlyList<PublicKey> OwnPublicKeys { get; init; } = [];

    /// <summary>The binary caches to substitute from.</summary>
    public IReadOnlyList<string> Substituters { get; init; } = [];

    /// <summary>Other substituters that any client may select.</summary>
    public IReadOnlyList<string> TrustedSubstituters { get; init; } = [];

    /// <summary>Whether the garbage collector keeps the outputs of live derivations.</summary>
    public bool KeepOutputs { get; init; }

    /// <summary>Whether the garbage collector keeps the derivations of live outputs.</summary>
    public bool KeepDerivations { get; init; } = true;

    /// <summary>Whether added files become hard links to identical files.</summary>
    public bool AutoOptimiseStore { get; init; }

    /// <summary>The settings of a connection without overrides.</summary>
    /// <param name="options">The daemon's options.</param>
    /// <param name="warnings">Gets a warning for each secret key that cannot be used.</param>
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

    /// <summary>These settings with a client's overrides.</summary>
    /// <param name="overrides">The overrides that the client may set.</param>
    /// <param name="warnings">Gets a warning for each override that cannot be used.</param>
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
