using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>Writes options as the table that <see cref="CacheOptionsReader"/> reads back to the same.</summary>
public static class CacheOptionsWriter
{
    /// <summary>Every key that has a value. There are no secrets among them: keys and credentials are named by their files.</summary>
    public static TomlTable Write(CacheOptions options)
    {
        TomlTable table = new();
        table.Add("bind", Texts(options.Bind.Select(address => address.ToString())));
        table.Add("unix_socket_mode", new TomlString(Convert.ToString((int)options.UnixSocketMode, 8).PadLeft(4, '0')));
        table.Add("workers", new TomlInteger(options.Workers));
        table.Add("max_connections", new TomlInteger(options.MaxConnections));
        table.Add("max_connection_rate", new TomlInteger(options.MaxTlsHandshakes));
        table.Add("max_nar_streams", new TomlInteger(options.MaxNarStreams));
        table.Add("max_compressions", new TomlInteger(options.MaxCompressions));
        table.Add("enable_compression", new TomlBoolean(options.EnableCompression));
        table.Add("min_send_rate", new TomlInteger(options.MinSendRate));
        table.Add("priority", new TomlInteger(options.Priority));
        table.Add("virtual_nix_store", new TomlString(options.VirtualStore.Path));
        AddIfSet(table, "real_nix_store", options.RealStore);
        table.Add("sign_key_paths", Texts(options.SigningKeyPaths));
        table.Add(SignPolicies.Key, new TomlString(SignPolicies.Of(options.Sign)));
        AddIfSet(table, "tls_cert_path", options.Tls?.CertificatePath);
        AddIfSet(table, "tls_key_path", options.Tls?.KeyPath);
        AddIfSet(table, "tls_client_ca_path", options.Tls?.ClientAuthoritiesPath);
        AddIfSet(table, "credentials_path", options.CredentialsPath);
        AddIfSet(table, "daemon_socket", options.DaemonSocket);
        table.Add("metrics", new TomlBoolean(options.Metrics));
        AddIfSet(table, "metrics_bind", options.MetricsBind?.ToString());
        table.Add("serve", new TomlBoolean(options.Serve));
        table.Add("listing", new TomlBoolean(options.Listing));
        table.Add("log", new TomlBoolean(options.Log));
        AddIfSet(table, "log_dir", options.LogDirectory);
        table.Add("access_log", new TomlBoolean(options.AccessLog));
        table.Add("trusted_proxies", Texts(options.TrustedProxies.Select(network => network.ToString())));
        table.Add("log_level", new TomlString(LogDirectives.Print(options.LogLevel, options.LogDirectives)));
        table.Add("log_format", new TomlString(LogOptionsReader.Name(options.LogFormat)));
        table.Add("zstd", Zstd(options.Zstd));
        if (options.NarCache is { } narCache)
            table.Add("nar_cache", NarCache(narCache));
        table.Add("memory", Memory(options.Memory));
        return table;
    }

    private static TomlTable Zstd(ZstdOptions options)
    {
        TomlTable table = new();
        table.Add("level", new TomlInteger(options.Level));
        table.Add("long_distance_matching", new TomlBoolean(options.LongDistanceMatching));
        table.Add("window_log", new TomlInteger(options.WindowLog));
        table.Add("max_ldm_encoders_per_worker", new TomlInteger(options.MaxLongDistanceEncoders));
        table.Add("max_ldm_memory", new TomlString(ByteCount.Print(options.MaxLongDistanceMemory)));
        return table;
    }

    private static TomlTable Memory(MemoryOptions options)
    {
        TomlTable table = new();
        table.Add("answers", new TomlString(ByteCount.Print(options.Answers)));
        table.Add("misses", new TomlString(ByteCount.Print(options.Misses)));
        table.Add("nar_indexes", new TomlString(ByteCount.Print(options.NarIndexes)));
        table.Add("nars", new TomlString(ByteCount.Print(options.Nars)));
        table.Add("listings", new TomlString(ByteCount.Print(options.Listings)));
        table.Add("max_age", new TomlInteger((long)options.MaxAge.TotalSeconds));
        return table;
    }

    private static TomlTable NarCache(NarCacheOptions options)
    {
        TomlTable table = new();
        table.Add("directory", new TomlString(options.Directory));
        table.Add("max_size", new TomlString(ByteCount.Print(options.MaxSize)));
        table.Add("level", new TomlInteger(options.Level));
        return table;
    }

    private static TomlArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => new TomlString(text))]);

    private static void AddIfSet(TomlTable table, string key, string? value)
    {
        if (value is not null)
            table.Add(key, new TomlString(value));
    }
}
