using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>The certificate of all servers, over a key of P-256 with ECDSA. It is signed by itself, and made once.</summary>
internal sealed class ServerCertificate
{
    private const int Years = 10;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private ServerCertificate(string directory) =>
        (CertificatePath, KeyPath) = (Path.Combine(directory, "certificate.pem"), Path.Combine(directory, "key.pem"));

    public string CertificatePath { get; }

    public string KeyPath { get; }

    /// <summary>Makes it unless that was done.</summary>
    public static async Task<ServerCertificate> MakeAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        ServerCertificate certificate = new(Directory.CreateDirectory(Path.Combine(workspace.Home, "tls")).FullName);
        if (File.Exists(certificate.CertificatePath) && File.Exists(certificate.KeyPath))
            return certificate;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(Years));
        await File.WriteAllTextAsync(certificate.KeyPath, key.ExportPkcs8PrivateKeyPem(), cancellationToken);
        File.SetUnixFileMode(certificate.KeyPath, OwnerOnly);
        await File.WriteAllTextAsync(certificate.CertificatePath, made.ExportCertificatePem(), cancellationToken);
        return certificate;
    }

    /// <summary>A client that trusts this certificate.</summary>
    public HttpClient CreateClient()
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(CertificatePath));
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } }, disposeHandler: true);
    }
}
