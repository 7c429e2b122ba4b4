using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads certificates and their key. Messages name the file and never show the content of a key.</summary>
public static class TlsFiles
{
    // A chain has about 10 KB, a bundle of authorities about 250 KB. This keeps /dev/zero out of memory.
    private const int MaxBytes = 4 * 1024 * 1024;

    private const string Home = "HOME";

    // RFC 8410
    private const string Ed25519 = "1.3.101.112";
    private const string Ed448 = "1.3.101.113";

    /// <summary>Reads the certificate that the options name. If there is an error, adds it and returns null.</summary>
    public static ServerCertificate? Read(
        TlsOptions options, string? credentialsDirectory, List<ConfigurationError> errors, List<string> warnings)
    {
        NameHome();
        int before = errors.Count;
        X509Certificate2Collection? chain = Certificates(options.CertificatePath, errors);
        string? key = Text(options.KeyPath, "the TLS key", errors);
        X509Certificate2Collection? authorities =
            options.ClientAuthoritiesPath is { } path ? Certificates(path, errors) : null;
        if (chain is null || key is null || errors.Count != before)
            return null;

        FilePermissions.WarnIfOpenToOthers(options.KeyPath, credentialsDirectory, warnings);
        X509Certificate2 certificate = chain[0];
        if (certificate.Version < 3)
        {
            // rustls refuses it too, and clients refuse it because it has no subjectAltName.
            errors.Add(Error(options.CertificatePath, $"expected an X.509 certificate of version 3, but got version {certificate.Version}"));
            return null;
        }

        if (certificate.GetKeyAlgorithm() is var algorithm and (Ed25519 or Ed448))
        {
            // OpenSSL could use such a key, but the base class library cannot load it.
            errors.Add(Error(
                options.CertificatePath,
                $"expected a certificate of an RSA or EC key, but got one of an {(algorithm == Ed25519 ? "Ed25519" : "Ed448")} key; "
                + "this command makes an EC key, which needs a certificate of its own: "
                + "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key"));
            return null;
        }

        if (certificate.NotAfter < DateTime.Now)
            warnings.Add($"{options.CertificatePath}: the certificate expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC");
        if (Join(certificate, key, options, errors) is not { } joined)
            return null;
        chain.RemoveAt(0);
        return new ServerCertificate
        {
            // Offline: certificates that are missing in the file are not downloaded.
            Context = SslStreamCertificateContext.Create(joined, chain, offline: true),
            ClientAuthorities = authorities,
        };
    }

    // .NET looks for certificate stores of the user below HOME, and fails if there is no such variable and no such user: systemd's dynamic
    // users have a name only where libnss-systemd is installed.
    private static void NameHome()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Home)))
            Environment.SetEnvironmentVariable(Home, "/");
    }

    // .NET distinguishes PKCS#8, PKCS#1 and SEC1 by their PEM labels.
    private static X509Certificate2? Join(X509Certificate2 certificate, string key, TlsOptions options, List<ConfigurationError> errors)
    {
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            errors.Add(Error(options.KeyPath, "the TLS key has a password; expected a key without one"));
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key);
        }
        catch (ArgumentException)
        {
            errors.Add(Error(options.KeyPath, $"the TLS key does not belong to the certificate in {options.CertificatePath}"));
        }
        catch (CryptographicException)
        {
            errors.Add(Error(
                options.KeyPath,
                $"expected the RSA or EC key of the certificate in {options.CertificatePath} in PEM, but got no key or another one"));
        }

        return null;
    }

    private static X509Certificate2Collection? Certificates(string file, List<ConfigurationError> errors)
    {
        if (Text(file, "the certificate file", errors) is not { } text)
            return null;
        X509Certificate2Collection certificates = new();
        try
        {
            certificates.ImportFromPem(text);
        }
        catch (CryptographicException exception)
        {
            errors.Add(Error(file, $"the certificates cannot be read: {exception.Message}"));
            return null;
        }

        if (certificates.Count > 0)
            return certificates;
        errors.Add(Error(file, "expected certificates in PEM, but found none"));
        return null;
    }

    private static string? Text(string file, string what, List<ConfigurationError> errors)
    {
        try
        {
            return BoundedFile.ReadText(file, MaxBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            errors.Add(Error(file, $"{what} cannot be read: {exception.Message}"));
            return null;
        }
    }

    private static ConfigurationError Error(string file, string message) => new(FilePosition.None, file, message);
}
