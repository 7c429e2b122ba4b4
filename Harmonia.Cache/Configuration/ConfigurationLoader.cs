using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Configuration;

/// <summary>Finds and reads the configuration file, the environment and the keys, and reports all that is wrong with them at once.</summary>
public static class ConfigurationLoader
{
    private const string ImplicitFile = "settings.toml";

    /// <summary>Loads everything. Only files are touched.</summary>
    /// <param name="option">The file that <c>--config</c> names; it goes before CONFIG_FILE.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="workingDirectory">Where <c>settings.toml</c> is looked for when no file is named.</param>
    /// <exception cref="TomlException">The file is not TOML.</exception>
    /// <exception cref="ConfigurationException">Something is wrong; the message has one line for each error.</exception>
    public static CacheConfiguration Load(string? option, CacheEnvironment environment, string workingDirectory)
    {
        string implicitFile = Path.Combine(workingDirectory, ImplicitFile);
        string? file = option ?? environment.ConfigurationFile ?? (File.Exists(implicitFile) ? implicitFile : null);
        List<ConfigurationError> errors = new();
        List<string> warnings = new();

        TomlTable table = file is null ? new TomlTable() : ReadFile(file);
        CacheOptions options = CacheOptionsReader.Read(table, environment, errors, warnings);
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

    private static TomlTable ReadFile(string file)
    {
        try
        {
            return TomlReader.Parse(File.ReadAllBytes(file), file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                [new ConfigurationError(TomlPosition.None, file, $"the configuration file cannot be read: {exception.Message}")]);
        }
    }
}
