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
    /// <param name="skipMissingFiles">Whether keys, certificates and credentials that are not there are warnings only.</param>
    /// <exception cref="ConfigurationException">There are errors. The message has one line for each.</exception>
    public static CacheConfiguration Load(
        string? option, CacheEnvironment environment, string workingDirectory, bool skipMissingFiles = false)
    {
        string? file = FindFile(option, environment, workingDirectory);
        List<ConfigurationError> errors = new();
        List<string> warnings = new();

        CacheOptions options = ReadOptions(file, environment, errors, warnings);
        if (skipMissingFiles)
            options = WithoutMissingFiles(options, warnings);
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

    /// <summary>Loads the options alone, without the files that they name.</summary>
    /// <exception cref="ConfigurationException">There are errors. The message has one line for each.</exception>
    public static CacheOptions LoadOptions(string? option, CacheEnvironment environment, string workingDirectory)
    {
        List<ConfigurationError> errors = new();
        CacheOptions options = ReadOptions(FindFile(option, environment, workingDirectory), environment, errors, []);
        return errors.Count == 0 ? options : throw new ConfigurationException(errors);
    }

    private static string? FindFile(string? option, CacheEnvironment environment, string workingDirectory)
    {
        string implicitFile = Path.Combine(workingDirectory, ImplicitFile);
        return option ?? environment.ConfigurationFile ?? (File.Exists(implicitFile) ? implicitFile : null);
    }

    private static CacheOptions ReadOptions(
        string? file, CacheEnvironment environment, List<ConfigurationError> errors, List<string> warnings)
    {
        ConfigurationReader reader = file is null ? new ConfigurationReader() : ConfigurationFile.Read(file);
        return CacheOptionsReader.Read(reader, environment, errors, warnings);
    }

    // A machine that builds a configuration has neither its keys nor its certificates.
    private static CacheOptions WithoutMissingFiles(CacheOptions options, List<string> warnings)
    {
        bool IsThere(string file)
        {
            bool isThere = Path.Exists(file);
            if (!isThere)
                warnings.Add($"{file}: not checked, because it is not there");
            return isThere;
        }

        return options with
        {
            SigningKeyPaths = [.. options.SigningKeyPaths.Where(IsThere)],
            Tls = options.Tls is { } tls && Files(tls).Where(IsThere).Count() == Files(tls).Count() ? tls : null,
            CredentialsPath = options.CredentialsPath is { } credentials && IsThere(credentials) ? credentials : null,
        };
    }

    private static IEnumerable<string> Files(TlsOptions tls) =>
        new[] { tls.CertificatePath, tls.KeyPath, tls.ClientAuthoritiesPath }.OfType<string>();

    private static IEnumerable<string> Files(string? file, CacheOptions options)
    {
        IEnumerable<string> certificates = options.Tls is { } tls ? Files(tls) : [];
        string?[] named = [file, .. options.SigningKeyPaths, .. certificates, options.CredentialsPath];
        return named.OfType<string>();
    }
}
