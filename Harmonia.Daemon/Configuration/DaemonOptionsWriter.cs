using Harmonia.Protocol.Configuration;
using Microsoft.Extensions.Logging;
using Tomlyn.Syntax;

namespace Harmonia.Daemon.Configuration;

/// <summary>
/// Writes options as TOML. <see cref="DaemonOptionsReader"/> reads it back to the same options. It contains no secrets: secret keys are named
/// by their files.
/// </summary>
internal static class DaemonOptionsWriter
{
    /// <summary>The text of a configuration file with every key that has a value.</summary>
    public static string Write(DaemonOptions options)
    {
        DocumentSyntax document = new();
        SyntaxList<KeyValueSyntax> keys = document.KeyValues;
        AddPaths(keys, options);
        AddAccess(keys, options);
        AddStore(keys, options);
        keys.Add("log_level", NameOf(options.LogLevel));
        keys.Add("log_format", options.LogFormat == LogFormat.Journald ? "journald" : "text");
        keys.Add("max_connections", options.MaxConnections);
        keys.Add("database_connections", options.DatabaseConnections);
        keys.Add("handshake_timeout", (long)options.HandshakeTimeout.TotalSeconds);
        keys.Add("shutdown_timeout", (long)options.ShutdownTimeout.TotalSeconds);
        return document.ToString();
    }

    private static void AddPaths(SyntaxList<KeyValueSyntax> keys, DaemonOptions options)
    {
        keys.Add("socket_path", options.SocketPath);
        keys.Add("socket_mode", Convert.ToString((int)options.SocketMode, 8).PadLeft(4, '0'));
        keys.Add("store_dir", options.StoreDirectory.Path);
        keys.Add("real_store_dir", options.RealStoreDirectory);
        keys.Add("state_dir", options.StateDirectory);
        keys.Add("db_path", options.DatabasePath);
        keys.Add("log_dir", options.LogDirectory);
        if (options.BuildDelegate is not null)
        {
            keys.Add("build_delegate", options.BuildDelegate);
        }
    }

    private static void AddAccess(SyntaxList<KeyValueSyntax> keys, DaemonOptions options)
    {
        if (options.TrustedUsers is not null)
        {
            keys.Add("trusted_users", [.. options.TrustedUsers]);
        }

        keys.Add("allowed_users", [.. options.AllowedUsers]);
        keys.Add("build_users_group", options.BuildUsersGroup);
        keys.Add("require_sigs", options.RequireSignatures);
        keys.Add("trusted_public_keys", [.. options.TrustedPublicKeys.Select(key => key.ToString())]);
        keys.Add("secret_key_files", [.. options.SecretKeyFiles]);
        keys.Add("substituters", [.. options.Substituters]);
        keys.Add("trusted_substituters", [.. options.TrustedSubstituters]);
    }

    private static void AddStore(SyntaxList<KeyValueSyntax> keys, DaemonOptions options)
    {
        keys.Add("fsync_store_paths", options.SynchroniseStorePaths);
        keys.Add("fsync_metadata", options.SynchroniseMetadata);
        keys.Add("keep_outputs", options.KeepOutputs);
        keys.Add("keep_derivations", options.KeepDerivations);
        keys.Add("auto_optimise_store", options.AutoOptimiseStore);
        keys.Add("min_free", ByteCount.Print(options.MinFree));
        keys.Add("max_free", ByteCount.Print(options.MaxFree));
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "off",
    };
}
