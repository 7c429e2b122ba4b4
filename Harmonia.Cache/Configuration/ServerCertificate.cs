using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Harmonia.Cache.Configuration;

/// <summary>What TLS answers with. It is never disposed: handshakes may hold an old one long after a new one is loaded.</summary>
public sealed class ServerCertificate
{
    /// <summary>The certificate with its key and the rest of its chain.</summary>
    public required SslStreamCertificateContext Context { get; init; }

    /// <summary>The authorities of which a client must have a certificate; null admits clients without one.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }
}
