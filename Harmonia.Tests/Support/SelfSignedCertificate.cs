using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Harmonia.Cache.Configuration;

namespace Harmonia.Tests.Support;

/// <summary>A certificate over an EC key of its own, for servers in this process.</summary>
public static class SelfSignedCertificate
{
    /// <summary>Makes one that is valid for some hours.</summary>
    public static ServerCertificate Make()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12));
        return new ServerCertificate { Context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true) };
    }

    /// <summary>A client's side of a connection, which trusts any certificate.</summary>
    /// <param name="connection">Disposed with the result.</param>
    /// <param name="protocols">What the client offers.</param>
    public static async Task<SslStream> AuthenticateAsync(Stream connection, params SslApplicationProtocol[] protocols)
    {
        SslStream client = new(connection, leaveInnerStreamOpen: false);
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [.. protocols],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        }).InTime();
        return client;
    }
}
