namespace Harmonia.Cache.Configuration;

/// <summary>The environment variables that configure the cache. An empty one counts as unset.</summary>
public sealed record CacheEnvironment
{
    /// <summary>CONFIG_FILE</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>SIGN_KEY_PATH (deprecated)</summary>
    public string? SigningKeyPath { get; init; }

    /// <summary>SIGN_KEY_PATHS, separated by blanks</summary>
    public string? SigningKeyPaths { get; init; }

    /// <summary>TLS_CERT_PATH</summary>
    public string? TlsCertificatePath { get; init; }

    /// <summary>TLS_KEY_PATH</summary>
    public string? TlsKeyPath { get; init; }

    /// <summary>TLS_CLIENT_CA_PATH</summary>
    public string? TlsClientAuthoritiesPath { get; init; }

    /// <summary>CREDENTIALS_PATH</summary>
    public string? CredentialsPath { get; init; }

    /// <summary>NIX_STORE_DIR</summary>
    public string? StoreDirectory { get; init; }

    /// <summary>NIX_LOG_DIR</summary>
    public string? LogDirectory { get; init; }

    /// <summary>RUST_LOG, which the units of harmonia (Rust) set.</summary>
    public string? RustLog { get; init; }

    /// <summary>CREDENTIALS_DIRECTORY. systemd protects the files in it by other means than file modes.</summary>
    public string? CredentialsDirectory { get; init; }

    /// <summary>CACHE_DIRECTORY: the directories that systemd makes for CacheDirectory=, separated by colons</summary>
    public string? CacheDirectory { get; init; }

    public static CacheEnvironment OfProcess() => new()
    {
        ConfigurationFile = Variable("CONFIG_FILE"),
        SigningKeyPath = Variable("SIGN_KEY_PATH"),
        SigningKeyPaths = Variable("SIGN_KEY_PATHS"),
        TlsCertificatePath = Variable("TLS_CERT_PATH"),
        TlsKeyPath = Variable("TLS_KEY_PATH"),
        TlsClientAuthoritiesPath = Variable("TLS_CLIENT_CA_PATH"),
        CredentialsPath = Variable("CREDENTIALS_PATH"),
        StoreDirectory = Variable("NIX_STORE_DIR"),
        LogDirectory = Variable("NIX_LOG_DIR"),
        RustLog = Variable("RUST_LOG"),
        CredentialsDirectory = Variable("CREDENTIALS_DIRECTORY"),
        CacheDirectory = Variable("CACHE_DIRECTORY"),
    };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
