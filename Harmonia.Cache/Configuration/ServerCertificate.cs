using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Harmonia.Cache.Configuration;

/// <summary>The certificate of the TLS server. It is never disposed, because handshakes may use an old one long after a new one is loaded.</summary>
public sealed class ServerCertificate
{
    /// <summary>The certificate with its key and its chain.</summary>
    public required SslStreamCertificateContext Context { get; init; }

    /// <summary>The authorities that must have issued a client's certificate; null admits clients without a certificate.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }
}
