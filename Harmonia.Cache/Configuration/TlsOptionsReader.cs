using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>
/// Reads the keys of TLS, of which each has a variable that takes precedence. An incomplete set stops the start, because serving without
/// TLS by mistake would be worse.
/// </summary>
public static class TlsOptionsReader
{
    private static readonly (string Key, string Variable) Certificate = ("tls_cert_path", "TLS_CERT_PATH");
    private static readonly (string Key, string Variable) Key = ("tls_key_path", "TLS_KEY_PATH");
    private static readonly (string Key, string Variable) Authorities = ("tls_client_ca_path", "TLS_CLIENT_CA_PATH");

    public static TlsOptions? Read(ConfigurationReader reader, CacheEnvironment environment, List<ConfigurationError> errors)
    {
        string? certificate = FilePathReader.Read(reader, Certificate.Key), key = FilePathReader.Read(reader, Key.Key);
        string? authorities = FilePathReader.Read(reader, Authorities.Key);
        bool hasCertificate = (environment.TlsCertificatePath ?? certificate) is not null;
        bool hasKey = (environment.TlsKeyPath ?? key) is not null;
        if (hasCertificate && hasKey)
        {
            return new TlsOptions
            {
                CertificatePath = environment.TlsCertificatePath ?? certificate!,
                KeyPath = environment.TlsKeyPath ?? key!,
                ClientAuthoritiesPath = environment.TlsClientAuthoritiesPath ?? authorities,
            };
        }

        if (hasCertificate)
            Reject(Certificate, environment.TlsCertificatePath, $"TLS needs {Key.Key} too");
        if (hasKey)
            Reject(Key, environment.TlsKeyPath, $"TLS needs {Certificate.Key} too");
        if ((environment.TlsClientAuthoritiesPath ?? authorities) is not null)
            Reject(Authorities, environment.TlsClientAuthoritiesPath, $"client certificates need {Certificate.Key} and {Key.Key} too");
        return null;

        void Reject((string Key, string Variable) name, string? variable, string problem)
        {
            if (variable is null)
                reader.Reject(name.Key, problem);
            else
                errors.Add(new ConfigurationError(FilePosition.None, name.Variable, problem));
        }
    }
}
