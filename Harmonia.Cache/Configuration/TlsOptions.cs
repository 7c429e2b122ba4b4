namespace Harmonia.Cache.Configuration;

/// <summary>The files that TLS needs, all of them PEM.</summary>
public sealed record TlsOptions
{
    /// <summary>The server's certificate, then the intermediate ones.</summary>
    public required string CertificatePath { get; init; }

    /// <summary>Its key: PKCS#8, PKCS#1 or SEC1, without a password.</summary>
    public required string KeyPath { get; init; }

    /// <summary>The authorities of which a client must have a certificate; null admits clients without one.</summary>
    public string? ClientAuthoritiesPath { get; init; }
}
