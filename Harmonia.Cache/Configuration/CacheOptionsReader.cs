using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Configuration;

/// <summary>
/// Binds the configuration file. It accepts every key of harmonia (Rust), so that existing files keep working, and warns about keys that
/// have no effect here.
/// </summary>
public static class CacheOptionsReader
{
    /// <summary>Reads the options. A wrong value adds an error, and its option has the default.</summary>
    public static CacheOptions Read(
        ConfigurationReader reader, CacheEnvironment environment, List<ConfigurationError> errors, List<string> warnings)
    {
        CacheOptions defaults = new();
        bool? metrics = reader.Boolean("metrics");
        CacheOptions options = new()
        {
            Bind = ListenAddressesReader.Read(reader) ?? defaults.Bind,
            UnixSocketMode = UnixSocketMode(reader) ?? defaults.UnixSocketMode,
            Workers = (int?)reader.Integer("workers", 1, 1024) ?? defaults.Workers,
            MaxConnections = (int?)reader.Integer("max_connections", 0, 1_000_000) ?? defaults.MaxConnections,
            MaxTlsHandshakes = (int?)reader.Integer("max_connection_rate", 0, 1_000_000) ?? defaults.MaxTlsHandshakes,
            MaxNarStreams = (int?)reader.Integer("max_nar_streams", 0, 1_000_000) ?? defaults.MaxNarStreams,
            MaxCompressions = (int?)reader.Integer("max_compressions", 0, 1_000_000) ?? defaults.MaxCompressions,
            EnableCompression = reader.Boolean("enable_compression") ?? defaults.EnableCompression,
            Zstd = ZstdOptionsReader.Read(reader),
            NarCache = NarCacheOptionsReader.Read(reader),
            MinSendRate = (int?)reader.Integer("min_send_rate", 0, 1_000_000) ?? defaults.MinSendRate,
            Operator = Operator(reader),
            Priority = (int?)reader.Integer("priority", 0, int.MaxValue) ?? defaults.Priority,
            VirtualStore = VirtualStore(reader, environment, errors) ?? defaults.VirtualStore,
            RealStore = FilePathReader.Read(reader, "real_nix_store"),
            SigningKeyPaths = SigningKeyPaths(reader, environment, warnings),
            Sign = SignPolicies.Find(reader.Choice(SignPolicies.Key, SignPolicies.Names)) ?? defaults.Sign,
            Signatures = SignatureOptionsReader.Read(reader, environment),
            Tls = TlsOptionsReader.Read(reader, environment, errors),
            CredentialsPath = CredentialsPath(reader, environment),
            DaemonSocket = FilePathReader.Read(reader, "daemon_socket"),
            Metrics = metrics ?? defaults.Metrics,
            MetricsBind = MetricsBindReader.Read(reader, metrics),
            AccessLog = reader.Boolean("access_log") ?? defaults.AccessLog,
            TrustedProxies = TrustedProxyList.Read(reader) ?? defaults.TrustedProxies,
            Serve = reader.Boolean("serve") ?? defaults.Serve,
            Listing = reader.Boolean("listing") ?? defaults.Listing,
            Memory = MemoryOptionsReader.Read(reader.Table("memory")),
            Log = reader.Boolean("log") ?? defaults.Log,
            LogDirectory = LogDirectory(reader, environment),
        };
        options = LogOptionsReader.Read(options, reader, environment);
        if (FilePathReader.Read(reader, "nix_db_path") is not null)
            reader.Warn("nix_db_path", "has no effect in this release: the daemon reads the database");
        try
        {
            reader.Finish();
        }
        catch (ConfigurationException exception)
        {
            errors.InsertRange(0, exception.Errors);
        }

        warnings.InsertRange(0, reader.Warnings);
        return options;
    }

    private static string? Operator(ConfigurationReader reader)
    {
        const string Key = "operator";
        const int MaxLength = 100;
        if (reader.String(Key) is not { } text)
            return null;
        if (text.Length is > 0 and <= MaxLength && !text.Any(char.IsControl) && !string.IsNullOrWhiteSpace(text))
            return text;
        reader.Reject(Key, $"expected a line of 1 to {MaxLength} characters");
        return null;
    }

    // Octal, as in chmod. The value is a string because TOML reads the integer 660 as decimal.
    private static UnixFileMode? UnixSocketMode(ConfigurationReader reader)
    {
        const string Key = "unix_socket_mode";
        if (reader.String(Key) is not { } text)
            return null;
        if (text.Length is 3 or 4 && !text.AsSpan().ContainsAnyExceptInRange('0', '7') && Convert.ToInt32(text, 8) is var mode and <= 0x1FF)
            return (UnixFileMode)mode;
        reader.Reject(Key, $"expected an octal file mode such as \"0660\", but got \"{text}\"");
        return null;
    }

    private static StoreDirectory? VirtualStore(
        ConfigurationReader reader, CacheEnvironment environment, List<ConfigurationError> errors)
    {
        const string Key = "virtual_nix_store";
        StoreDirectory? directory = null;
        if (reader.Path(Key) is { } path && !StoreDirectory.TryParse(path.Length > 1 ? path.TrimEnd('/') : path, out directory))
            reader.Reject(Key, $"\"{path}\" is not a store directory");
        if (environment.StoreDirectory is { } variable && !StoreDirectory.TryParse(variable, out directory))
            errors.Add(new ConfigurationError(FilePosition.None, "NIX_STORE_DIR", $"\"{variable}\" is not a store directory"));
        return directory;
    }

    private static string? CredentialsPath(ConfigurationReader reader, CacheEnvironment environment)
    {
        string? inFile = FilePathReader.Read(reader, "credentials_path");
        return environment.CredentialsPath ?? inFile;
    }

    private static string? LogDirectory(ConfigurationReader reader, CacheEnvironment environment)
    {
        string? inFile = FilePathReader.Read(reader, "log_dir");
        return environment.LogDirectory ?? inFile;
    }

    private static List<string> SigningKeyPaths(ConfigurationReader reader, CacheEnvironment environment, List<string> warnings)
    {
        reader.Deprecate("sign_key_path", "write it into the list sign_key_paths");
        List<string> paths = [.. reader.StringList("sign_key_paths") ?? []];
        if (reader.String("sign_key_path") is { } deprecated)
            paths.Add(deprecated);
        if (environment.SigningKeyPath is { } variable)
        {
            warnings.Add("SIGN_KEY_PATH: deprecated; write it into SIGN_KEY_PATHS");
            paths.Add(variable);
        }

        // Null splits at white space.
        paths.AddRange(environment.SigningKeyPaths?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? []);
        return paths;
    }
}
