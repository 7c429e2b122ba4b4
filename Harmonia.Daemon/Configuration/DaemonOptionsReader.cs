using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;
using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Configuration;

/// <summary>
/// Reads the options from a TOML file, nix.conf and the environment. The file takes precedence over nix.conf and variables. Without any
/// of them, an option has the default of a normal Nix installation. Nix: src/libstore/globals.cc and the manual's "Common Environment
/// Variables".
/// </summary>
/// <param name="environment">The value of a variable, or null.</param>
internal sealed class DaemonOptionsReader(Func<string, string?> environment)
{
    public const string FileVariable = "HARMONIA_DAEMON_CONFIG";

    private const int MaxSeconds = 24 * 60 * 60;
    private const int PermissionBits = 0x1ff; // 0777
    private const string RootUser = "root";
    private const string BuildUsersGroup = "nixbld";

    private readonly List<ConfigurationError> _errors = [];

    /// <summary>Warnings for the operator. The daemon can start in spite of them.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Reads nix.conf and the file. The argument names the file, else <see cref="FileVariable"/> does. There may be none.</summary>
    /// <exception cref="ConfigurationException">There are errors in a file or in the environment, or a file cannot be read.</exception>
    public DaemonOptions Read(string? file)
    {
        file ??= environment(FileVariable) is { Length: > 0 } named ? named : null;
        List<string> warnings = [];
        NixSettings nix = new NixConfFiles(environment).Read(_errors, warnings);
        DaemonOptions options = Read(file is null ? new ConfigurationReader() : ReadFile(file), nix);
        Warnings = [.. Warnings, .. warnings];
        return options;
    }

    /// <summary>Reads the options from a parsed file and parsed settings.</summary>
    /// <exception cref="ConfigurationException">There are errors in the file or in the environment.</exception>
    public DaemonOptions Read(ConfigurationReader reader, NixSettings nix)
    {
        LayeredSettings settings = new(reader, nix);
        string state = reader.Path("state_dir") ?? Variable("NIX_STATE_DIR") ?? DaemonOptions.DefaultStateDirectory;
        StoreDirectory store = StoreDirectoryOf(reader);
        DaemonOptions options = new()
        {
            StoreDirectory = store,
            RealStoreDirectory = reader.Path("real_store_dir") ?? store.Path,
            StateDirectory = state,
            DatabasePath = reader.Path("db_path") ?? Path.Combine(state, "db", "db.sqlite"),
            LogDirectory = reader.Path("log_dir") ?? Variable("NIX_LOG_DIR") ?? DaemonOptions.DefaultLogDirectory,
            SocketPath = reader.Path("socket_path") ?? Variable("NIX_DAEMON_SOCKET_PATH") ?? Path.Combine(state, "daemon-socket", "socket"),
            SocketMode = SocketModeOf(reader),
            TrustedUsers = settings.WordsOrNone("trusted_users", [RootUser]),
            AllowedUsers = settings.Words("allowed_users", DaemonOptions.DefaultAllowedUsers),
            BuildUsersGroup = settings.Text("build_users_group", Environment.IsPrivilegedProcess ? BuildUsersGroup : ""),
            RequireSignatures = settings.Boolean("require_sigs", true),
            TrustedPublicKeys = settings.PublicKeys("trusted_public_keys", DaemonOptions.DefaultTrustedPublicKeys),
            SecretKeyFiles = settings.Paths("secret_key_files"),
            Substituters = settings.Words("substituters", []),
            TrustedSubstituters = settings.Words("trusted_substituters", []),
            SynchroniseStorePaths = settings.Boolean("fsync_store_paths", false),
            SynchroniseMetadata = settings.Boolean("fsync_metadata", true),
            KeepOutputs = settings.Boolean("keep_outputs", false),
            KeepDerivations = settings.Boolean("keep_derivations", true),
            AutoOptimiseStore = settings.Boolean("auto_optimise_store", false),
            MinFree = settings.Bytes("min_free", 0),
            MaxFree = settings.Bytes("max_free", long.MaxValue),
            BuildDelegate = reader.Path("build_delegate"),
            LogLevel = LogLevelOf(reader),
            LogFormat = reader.Choice("log_format", "text", "journald") == "journald" ? LogFormat.Journald : LogFormat.Text,
            MaxConnections = (int)(reader.Integer("max_connections", 1, 1_000_000) ?? DaemonOptions.DefaultMaxConnections),
            DatabaseConnections = (int)(reader.Integer("database_connections", 1, 1024) ?? DaemonOptions.DefaultDatabaseConnections),
            HandshakeTimeout = Seconds(reader, "handshake_timeout", 1, DaemonOptions.DefaultHandshakeTimeout),
            ShutdownTimeout = Seconds(reader, "shutdown_timeout", 0, DaemonOptions.DefaultShutdownTimeout),
        };
        reader.Deprecate("workers", "it has no effect, because connections are not bound to threads");
        Finish(reader, nix);
        Warnings = reader.Warnings;
        return options;
    }

    // A file that is not TOML does not hide the errors of nix.conf.
    private ConfigurationReader ReadFile(string file)
    {
        try
        {
            return ConfigurationFile.Read(file);
        }
        catch (ConfigurationException exception)
        {
            throw new ConfigurationException([.. exception.Errors, .. _errors]);
        }
    }

    /// <summary>Throws all errors.</summary>
    private void Finish(ConfigurationReader reader, NixSettings nix)
    {
        try
        {
            reader.Finish();
        }
        catch (ConfigurationException exception)
        {
            _errors.InsertRange(0, exception.Errors);
        }

        _errors.AddRange(nix.Errors);
        if (_errors.Count > 0)
        {
            throw new ConfigurationException(_errors);
        }
    }

    private StoreDirectory StoreDirectoryOf(ConfigurationReader reader)
    {
        const string Key = "store_dir";
        string? inFile = reader.Path(Key);
        string text = inFile ?? Variable("NIX_STORE_DIR") ?? StoreDirectory.Default.Path;
        try
        {
            return StoreDirectory.Parse(text);
        }
        catch (FormatException exception)
        {
            if (inFile is null)
            {
                _errors.Add(new ConfigurationError(FilePosition.None, "NIX_STORE_DIR", exception.Message));
            }
            else
            {
                reader.Reject(Key, exception.Message);
            }

            return StoreDirectory.Default;
        }
    }

    private static UnixFileMode SocketModeOf(ConfigurationReader reader)
    {
        const string Key = "socket_mode";
        string text = reader.String(Key) ?? DaemonOptions.DefaultSocketMode;
        bool isOctal = text.Length is > 0 and <= 4 && text.All(digit => digit is >= '0' and <= '7');
        int mode = isOctal ? Convert.ToInt32(text, 8) : -1;
        if (mode is < 0 or > PermissionBits)
        {
            reader.Reject(Key, $"expected permissions in octal such as \"0666\", but got \"{text}\"");
            mode = 0;
        }

        return (UnixFileMode)mode;
    }

    private static LogLevel LogLevelOf(ConfigurationReader reader) =>
        reader.Choice("log_level", "trace", "debug", "info", "warn", "error", "off") switch
        {
            "trace" => LogLevel.Trace,
            "debug" => LogLevel.Debug,
            "warn" => LogLevel.Warning,
            "error" => LogLevel.Error,
            "off" => LogLevel.None,
            _ => LogLevel.Information,
        };

    private static TimeSpan Seconds(ConfigurationReader reader, string key, int min, int standard) =>
        TimeSpan.FromSeconds(reader.Integer(key, min, MaxSeconds) ?? standard);

    // An empty variable counts as unset, as in Nix.
    private string? Variable(string name)
    {
        if (environment(name) is not { Length: > 0 } value)
        {
            return null;
        }

        if (!value.StartsWith('/'))
        {
            _errors.Add(new ConfigurationError(FilePosition.None, name, $"expected an absolute path, but got '{value}'"));
        }

        return value;
    }
}
