using Harmonia.Protocol.Configuration;
using Tomlyn.Syntax;

namespace Harmonia.Cache.Configuration;

/// <summary>
/// Writes options as TOML. <see cref="CacheOptionsReader"/> reads it back to the same options. There are no secrets in it: keys and
/// credentials are named by their files.
/// </summary>
public static class CacheOptionsWriter
{
    /// <summary>The text of a configuration file with every key that has a value.</summary>
    public static string Write(CacheOptions options) => Document(options).ToString();

    /// <summary>The text of each key and table of the root, to compare it with another configuration's.</summary>
    public static IReadOnlyDictionary<string, string> WriteEach(CacheOptions options)
    {
        DocumentSyntax document = Document(options);
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (KeyValueSyntax pair in document.KeyValues)
            texts.Add($"{pair.Key}", $"{pair.Value}");
        foreach (TableSyntaxBase table in document.Tables)
            texts.Add($"{table.Name}", $"{table.Items}");
        return texts;
    }

    private static DocumentSyntax Document(CacheOptions options)
    {
        DocumentSyntax document = new();
        SyntaxList<KeyValueSyntax> keys = document.KeyValues;
        keys.Add("bind", [.. options.Bind.Select(address => address.ToString())]);
        keys.Add("unix_socket_mode", Convert.ToString((int)options.UnixSocketMode, 8).PadLeft(4, '0'));
        keys.Add("workers", options.Workers);
        keys.Add("max_connections", options.MaxConnections);
        keys.Add("max_connection_rate", options.MaxTlsHandshakes);
        keys.Add("max_nar_streams", options.MaxNarStreams);
        keys.Add("max_compressions", options.MaxCompressions);
        keys.Add("enable_compression", options.EnableCompression);
        keys.Add("min_send_rate", options.MinSendRate);
        AddIfSet(keys, "operator", options.Operator);
        keys.Add("priority", options.Priority);
        keys.Add("virtual_nix_store", options.VirtualStore.Path);
        AddIfSet(keys, "real_nix_store", options.RealStore);
        keys.Add("sign_key_paths", [.. options.SigningKeyPaths]);
        keys.Add(SignPolicies.Key, SignPolicies.Of(options.Sign));
        AddIfSet(keys, "tls_cert_path", options.Tls?.CertificatePath);
        AddIfSet(keys, "tls_key_path", options.Tls?.KeyPath);
        AddIfSet(keys, "tls_client_ca_path", options.Tls?.ClientAuthoritiesPath);
        AddIfSet(keys, "credentials_path", options.CredentialsPath);
        AddIfSet(keys, "daemon_socket", options.DaemonSocket);
        keys.Add("metrics", options.Metrics);
        AddIfSet(keys, "metrics_bind", options.MetricsBind?.ToString());
        keys.Add("serve", options.Serve);
        keys.Add("listing", options.Listing);
        keys.Add("log", options.Log);
        AddIfSet(keys, "log_dir", options.LogDirectory);
        keys.Add("access_log", options.AccessLog);
        keys.Add("trusted_proxies", [.. options.TrustedProxies.Select(network => network.ToString())]);
        keys.Add("log_level", LogDirectives.Print(options.LogLevel, options.LogDirectives));
        keys.Add("log_format", LogOptionsReader.Name(options.LogFormat));
        document.Tables.Add(Zstd(options.Zstd));
        if (options.NarCache is { } narCache)
            document.Tables.Add(NarCache(narCache));
        if (options.Signatures is { } signatures)
            document.Tables.Add(Signatures(signatures));
        document.Tables.Add(Memory(options.Memory));
        return document;
    }

    private static TableSyntax Zstd(ZstdOptions options)
    {
        TableSyntax table = Table("zstd");
        table.Items.Add("level", options.Level);
        table.Items.Add("long_distance_matching", options.LongDistanceMatching);
        table.Items.Add("window_log", options.WindowLog);
        table.Items.Add("max_ldm_encoders_per_worker", options.MaxLongDistanceEncoders);
        table.Items.Add("max_ldm_memory", ByteCount.Print(options.MaxLongDistanceMemory));
        return table;
    }

    private static TableSyntax Memory(MemoryOptions options)
    {
        TableSyntax table = Table("memory");
        table.Items.Add("answers", ByteCount.Print(options.Answers));
        table.Items.Add("misses", ByteCount.Print(options.Misses));
        table.Items.Add("nar_indexes", ByteCount.Print(options.NarIndexes));
        table.Items.Add("nars", ByteCount.Print(options.Nars));
        table.Items.Add("listings", ByteCount.Print(options.Listings));
        table.Items.Add("max_age", (long)options.MaxAge.TotalSeconds);
        return table;
    }

    private static TableSyntax NarCache(NarCacheOptions options)
    {
        TableSyntax table = Table("nar_cache");
        table.Items.Add("directory", options.Directory);
        table.Items.Add("max_size", ByteCount.Print(options.MaxSize));
        table.Items.Add("level", options.Level);
        return table;
    }

    private static TableSyntax Signatures(SignatureOptions options)
    {
        TableSyntax table = Table("signatures");
        table.Items.Add("directory", options.Directory);
        table.Items.Add("max_size", ByteCount.Print(options.MaxSize));
        return table;
    }

    private static TableSyntax Table(string name) => new TableSyntax(name).AddLeadingTriviaNewLine();

    private static void AddIfSet(SyntaxList<KeyValueSyntax> keys, string key, string? value)
    {
        if (value is not null)
            keys.Add(key, value);
    }
}
