using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads the keys of TLS. An incomplete set stops the start, because serving without TLS by mistake would be worse.</summary>
public static class TlsOptionsReader
{
    private const string CertificateKey = "tls_cert_path";
    private const string KeyKey = "tls_key_path";
    private const string ClientAuthoritiesKey = "tls_client_ca_path";

    public static TlsOptions? Read(ConfigurationReader reader)
    {
        string? certificate = FilePathReader.Read(reader, CertificateKey);
        string? key = FilePathReader.Read(reader, KeyKey);
        string? authorities = FilePathReader.Read(reader, ClientAuthoritiesKey);
        if (certificate is not null && key is not null)
            return new TlsOptions { CertificatePath = certificate, KeyPath = key, ClientAuthoritiesPath = authorities };

        if (certificate is not null)
            reader.Reject(CertificateKey, $"TLS needs {KeyKey} too");
        if (key is not null)
            reader.Reject(KeyKey, $"TLS needs {CertificateKey} too");
        if (authorities is not null)
            reader.Reject(ClientAuthoritiesKey, $"client certificates need {CertificateKey} and {KeyKey} too");
        return null;
    }
}
