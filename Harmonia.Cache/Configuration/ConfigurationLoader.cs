using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Configuration;

/// <summary>Finds and reads the configuration file, the environment and the keys, and reports all their errors at once.</summary>
public static class ConfigurationLoader
{
    private const string ImplicitFile = "settings.toml";

    /// <summary>Loads everything. It only reads files: it opens no socket and asks no daemon.</summary>
    /// <param name="option">The file that <c>--config</c> names. It takes precedence over CONFIG_FILE.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="workingDirectory">The directory of <c>settings.toml</c>, which is read if no file is named.</param>
    /// <exception cref="ConfigurationException">There are errors. The message has one line for each.</exception>
    public static CacheConfiguration Load(string? option, CacheEnvironment environment, string workingDirectory)
    {
        string implicitFile = Path.Combine(workingDirectory, ImplicitFile);
        string? file = option ?? environment.ConfigurationFile ?? (File.Exists(implicitFile) ? implicitFile : null);
        List<ConfigurationError> errors = new();
        List<string> warnings = new();

        ConfigurationReader reader = file is null ? new ConfigurationReader() : ConfigurationFile.Read(file);
        CacheOptions options = CacheOptionsReader.Read(reader, environment, errors, warnings);
        string? credentialsDirectory = environment.CredentialsDirectory;
        IReadOnlyList<SecretKey> keys = SigningKeyFiles.Read(options.SigningKeyPaths, credentialsDirectory, errors, warnings);
        CacheConfiguration configuration = new()
        {
            Options = options,
            SigningKeys = keys,
            Certificate = options.Tls is { } tls ? TlsFiles.Read(tls, credentialsDirectory, errors, warnings) : null,
            Credentials = options.CredentialsPath is { } credentials
                ? CredentialFile.Read(credentials, credentialsDirectory, errors, warnings)
                : null,
            Warnings = warnings,
            Source = file ?? "defaults, without a file",
            Files = [.. Files(file, options)],
            Reload = () => Load(option, environment, workingDirectory),
        };
        if (errors.Count == 0)
            return configuration;
        configuration.Dispose();
        throw new ConfigurationException(errors);
    }

    private static IEnumerable<string> Files(string? file, CacheOptions options)
    {
        string?[] named =
        [
            file, .. options.SigningKeyPaths, options.Tls?.CertificatePath, options.Tls?.KeyPath, options.Tls?.ClientAuthoritiesPath,
            options.CredentialsPath,
        ];
        return named.OfType<string>();
    }
}
