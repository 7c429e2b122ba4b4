namespace Harmonia.Cache.Configuration;

/// <summary>The files of TLS, in PEM.</summary>
public sealed record TlsOptions
{
    /// <summary>The server's certificate, followed by the intermediate certificates.</summary>
    public required string CertificatePath { get; init; }

    /// <summary>The key of the certificate: PKCS#8, PKCS#1 or SEC1, without a password.</summary>
    public required string KeyPath { get; init; }

    /// <summary>The authorities that must have issued a client's certificate; null admits clients without a certificate.</summary>
    public string? ClientAuthoritiesPath { get; init; }
}
