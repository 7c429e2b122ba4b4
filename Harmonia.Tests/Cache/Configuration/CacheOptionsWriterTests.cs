using FsCheck;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Configuration;

public sealed class CacheOptionsWriterTests
{
    [Test]
    public void What_is_written_is_read_back_to_the_same()
    {
        string written = CacheOptionsWriter.Write(Read("""
            bind = ["unix:a/socket", "localhost:1"]
            unix_socket_mode = "0060"
            workers = 3
            max_connections = 7
            max_connection_rate = 8
            max_nar_streams = 9
            max_compressions = 10
            enable_compression = true
            zstd = { level = 5, long_distance_matching = false, window_log = 20, max_ldm_encoders_per_worker = 2, max_ldm_memory = "5 MiB" }
            memory = { answers = "1 GiB", misses = 4097, max_age = 0 }
            nar_cache = { directory = "nars", max_size = 3221225472, level = 3 }
            signatures = { directory = "signatures", max_size = 1048576 }
            min_send_rate = 0
            operator = "Example & \"Söhne\""
            priority = 11
            virtual_nix_store = "/gnu/store"
            real_nix_store = "gnu"
            sign_key_paths = ["k", "\"quoted\""]
            sign = "ultimate"
            tls_cert_path = "c"
            tls_key_path = "k"
            tls_client_ca_path = "a"
            credentials_path = "p"
            daemon_socket = "d"
            metrics = true
            metrics_bind = "127.0.0.1:9100"
            access_log = true
            serve = false
            listing = false
            trusted_proxies = ["10.0.0.0/8", "::1"]
            log_level = "warn,harmonia_cache::nar=debug,Microsoft=off"
            log_format = "json"
            """));

        Assert.That(CacheOptionsWriter.Write(Read(written)), Is.EqualTo(written));
        foreach (string line in (string[])
            ["max_nar_streams = 9", "operator = \"Example & \\\"Söhne\\\"\"", "max_compressions = 10", "window_log = 20", "max_ldm_memory = \"5 MiB\"", "max_size = \"3 GiB\"", "max_size = \"1 MiB\"", "answers = \"1 GiB\"", "misses = \"4097 B\"", "max_age = 0", "sign = \"ultimate\"", "log_level = \"warn,Harmonia.Cache=debug,Microsoft=off\"", "unix_socket_mode = \"0060\""])
        {
            Assert.That(written, Does.Contain(line));
        }
    }

    [Test]
    public void The_defaults_are_read_without_a_complaint()
    {
        string written = CacheOptionsWriter.Write(new CacheOptions());

        Assert.That(CacheOptionsWriter.Write(Read(written)), Is.EqualTo(written));
    }

    [Test]
    public void Control_characters_quotes_and_backslashes_are_read_back()
    {
        string path = string.Concat(Enumerable.Range(1, 0xFF).Select(character => (char)character)) + "\u2028\uFDD0\uFEFF\uFFFD\uFFFF😀";
        CacheOptions options = new() { RealStore = path, SigningKeyPaths = [path, ""] };

        CacheOptions read = Read(CacheOptionsWriter.Write(options));

        Assert.That(read.RealStore, Is.EqualTo(path));
        Assert.That(read.SigningKeyPaths, Is.EqualTo(options.SigningKeyPaths));
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public bool Any_text_is_read_back(UnicodeString text)
    {
        // A file in UTF-8 has no half of a surrogate pair, and a path no NUL.
        string path = "/" + string.Concat((text.Get ?? "").EnumerateRunes().Where(rune => rune.Value != 0));

        return Read(CacheOptionsWriter.Write(new CacheOptions { DaemonSocket = path })).DaemonSocket == path;
    }

    private static CacheOptions Read(string toml)
    {
        List<ConfigurationError> errors = new();
        List<string> warnings = new();
        CacheOptions options = CacheOptionsReader.Read(ConfigurationFile.Parse(toml, "harmonia.toml"), new CacheEnvironment(), errors, warnings);
        Assert.That(errors, Is.Empty);
        Assert.That(warnings, Is.Empty);
        return options;
    }
}
