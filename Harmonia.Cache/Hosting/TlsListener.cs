using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Harmonia.Cache.Hosting;

/// <summary>TLS of a TCP socket, with a certificate that can be replaced while the server runs.</summary>
public sealed class TlsListener
{
    private readonly HandshakeLimit _limit;
    private volatile ServerCertificate _certificate;

    /// <param name="certificate">The certificate at the start.</param>
    /// <param name="maxHandshakes">How many may run at once; 0 for any number.</param>
    public TlsListener(ServerCertificate certificate, int maxHandshakes) =>
        (_certificate, _limit) = (certificate, new HandshakeLimit(maxHandshakes));

    /// <summary>New connections get another certificate; the old ones go on.</summary>
    public void Replace(ServerCertificate certificate) => _certificate = certificate;

    public void Use(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.Use(_limit.Enter);
        listen.Use(TlsTransport.UseSocket);
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(Options(_certificate)) });
        listen.Use(HandshakeLimit.Leave);
        listen.Use(TlsTransport.UseTls);
    }

    private static SslServerAuthenticationOptions Options(ServerCertificate certificate) => new()
    {
        ServerCertificateContext = certificate.Context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateRequired = certificate.ClientAuthorities is not null,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = certificate.ClientAuthorities is { } authorities ? ClientPolicy(authorities) : null,
        // Without this a client without a certificate is accepted.
        RemoteCertificateValidationCallback = (_, _, _, errors) =>
            certificate.ClientAuthorities is null || errors == SslPolicyErrors.None,
    };

    private static X509ChainPolicy ClientPolicy(X509Certificate2Collection authorities)
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
