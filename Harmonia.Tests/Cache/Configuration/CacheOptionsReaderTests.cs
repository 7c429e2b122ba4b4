using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Configuration;

public sealed class CacheOptionsReaderTests
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<string> _warnings = [];

    [SetUp]
    public void Forget()
    {
        _errors.Clear();
        _warnings.Clear();
    }

    [Test]
    public void Without_any_key_the_documented_defaults_hold()
    {
        CacheOptions options = Read("");

        Assert.That(options.Bind.Select(address => address.ToString()), Is.EqualTo(new[] { "[::]:5000" }));
        Assert.That(options.UnixSocketMode, Is.EqualTo((UnixFileMode)0b111_111_111));
        Assert.That(options.Workers, Is.EqualTo(4));
        Assert.That(options.MaxConnections, Is.EqualTo(2048));
        Assert.That(options.Priority, Is.EqualTo(30));
        Assert.That(options.VirtualStore, Is.EqualTo(StoreDirectory.Default));
        Assert.That(options.RealStore, Is.Null);
        Assert.That(options.SigningKeyPaths, Is.Empty);
        Assert.That(options.DaemonSocket, Is.Null);
        Assert.That(options.LogLevel, Is.EqualTo(LogLevel.Information));
        AssertFindings([], []);
    }

    [Test]
    public void Every_key_is_read()
    {
        CacheOptions options = Read("""
            bind = "unix:/run/harmonia.sock"
            unix_socket_mode = "0660"
            workers = 8
            max_connections = 0
            priority = 50
            virtual_nix_store = "/gnu/store/"
            real_nix_store = "/mnt/gnu/store"
            sign_key_paths = ["/a", "relative"]
            daemon_socket = "/run/daemon"
            log_level = "warn"
            """);

        Assert.That(options.Bind, Is.EqualTo(new[] { new ListenAddress.Unix("/run/harmonia.sock") }));
        Assert.That(options.UnixSocketMode, Is.EqualTo((UnixFileMode)0b110_110_000));
        Assert.That(options.Workers, Is.EqualTo(8));
        Assert.That(options.MaxConnections, Is.Zero);
        Assert.That(options.Priority, Is.EqualTo(50));
        Assert.That(options.VirtualStore.Path, Is.EqualTo("/gnu/store"));
        Assert.That(options.RealStore, Is.EqualTo("/mnt/gnu/store"));
        Assert.That(options.SigningKeyPaths, Is.EqualTo(new[] { "/a", "relative" }));
        Assert.That(options.DaemonSocket, Is.EqualTo("/run/daemon"));
        Assert.That(options.LogLevel, Is.EqualTo(LogLevel.Warning));
        AssertFindings([], []);
    }

    [Test]
    public void Keys_are_named_in_the_order_of_harmonia_from_file_and_environment()
    {
        CacheOptions options = Read(
            """
            sign_key_path = "/deprecated"
            sign_key_paths = ["/first"]
            """,
            new CacheEnvironment { SigningKeyPath = "/variable", SigningKeyPaths = " /x \t/y\n" });

        Assert.That(options.SigningKeyPaths, Is.EqualTo(new[] { "/first", "/deprecated", "/variable", "/x", "/y" }));
        AssertFindings([], ["harmonia.toml:1:1: sign_key_path: deprecated", "SIGN_KEY_PATH: deprecated"]);
    }

    [Test]
    public void The_environment_overrides_store_and_log_level()
    {
        CacheOptions options = Read(
            """
            virtual_nix_store = "/a/store"
            log_level = "error"
            """,
            new CacheEnvironment { StoreDirectory = "/b/store", RustLog = "DEBUG,actix_web=trace" });

        Assert.That(options.VirtualStore.Path, Is.EqualTo("/b/store"));
        Assert.That(options.LogLevel, Is.EqualTo(LogLevel.Debug));
        AssertFindings([], []);
    }

    [TestCase("actix_web=debug")]
    [TestCase("nonsense")]
    [TestCase("harmonia_cache=loud")]
    [TestCase(",")]
    public void A_RUST_LOG_without_a_plain_level_changes_nothing(string directives)
    {
        Assert.That(Read("log_level = \"error\"", new CacheEnvironment { RustLog = directives }).LogLevel, Is.EqualTo(LogLevel.Error));
        AssertFindings([], []);
    }

    [Test]
    public void A_file_of_harmonia_3_2_starts_and_hears_of_what_does_nothing()
    {
        Read("""
            bind = "[::]:5000"
            workers = 4
            max_connection_rate = 256
            max_connections = 2048
            priority = 30
            virtual_nix_store = "/nix/store"
            real_nix_store = "root/nix/store"
            nix_db_path = "/nix/var/nix/db/db.sqlite"
            enable_compression = true
            daemon_socket = "/nix/var/nix/daemon-socket/socket"
            sign_key_path = "key"
            sign_key_paths = []
            tls_cert_path = "cert.pem"
            tls_key_path = "key.pem"

            [zstd]
            level = 1
            long_distance_matching = true
            window_log = 0
            max_ldm_encoders_per_worker = 16
            """);

        AssertFindings([], [
            "harmonia.toml:11:1: sign_key_path: deprecated",
            "harmonia.toml:8:1: nix_db_path: has no effect",
        ]);
    }

    [Test]
    public void Each_key_of_compression_counts()
    {
        CacheOptions options = Read("""
            enable_compression = true
            max_compressions = 3
            [zstd]
            level = -131072
            long_distance_matching = true
            window_log = 10
            max_ldm_encoders_per_worker = 0
            max_ldm_memory = "1 GiB"
            """);

        AssertFindings([], []);
        Assert.That(options.EnableCompression);
        Assert.That(options.MaxCompressions, Is.EqualTo(3));
        Assert.That(options.Zstd, Is.EqualTo(new ZstdOptions
        {
            Level = -131072,
            LongDistanceMatching = true,
            WindowLog = 10,
            MaxLongDistanceEncoders = 0,
            MaxLongDistanceMemory = 1L << 30,
        }));
    }

    [TestCase(0, 96)]
    [TestCase(22, 96)]
    [TestCase(25, 96)]
    [TestCase(27, 384)]
    [TestCase(31, 6144)]
    public void Larger_windows_have_more_memory_by_default(int windowLog, long mebibytes) => Assert.That(
        Read($"[zstd]\nwindow_log = {windowLog}").Zstd.MaxLongDistanceMemory, Is.EqualTo(mebibytes * 1024 * 1024));

    [TestCase("level = 23", "harmonia.toml:2:9: zstd.level: expected an integer from -131072 to 22")]
    [TestCase("window_log = 9", "harmonia.toml:2:14: zstd.window_log: expected 0 or an integer from 10 to 31, but got 9")]
    [TestCase("window_log = 32", "harmonia.toml:2:14: zstd.window_log: expected an integer from 0 to 31")]
    public void What_zstd_would_refuse_is_refused_at_the_start(string line, string error)
    {
        Read($"[zstd]\n{line}");

        AssertFindings([error], []);
    }

    [Test]
    public void Stored_NARs_need_a_directory_alone()
    {
        Assert.That(Read("").NarCache, Is.Null);
        Assert.That(
            Read("[nar_cache]\ndirectory = \"nars\"").NarCache,
            Is.EqualTo(new NarCacheOptions { Directory = "nars", MaxSize = 20L * 1024 * 1024 * 1024, Level = 1 }));
        Assert.That(
            Read("nar_cache = { directory = \"/a\", max_size = 5000, level = -7 }").NarCache,
            Is.EqualTo(new NarCacheOptions { Directory = "/a", MaxSize = 5000, Level = -7 }));
        Assert.That(Read("nar_cache = { directory = \"/a\", max_size = \"3 MiB\" }").NarCache?.MaxSize, Is.EqualTo(3 * 1024 * 1024));
        AssertFindings([], []);
    }

    [TestCase("level = 3", "harmonia.toml:1:2: nar_cache.directory: the other keys of [nar_cache] need it")]
    [TestCase("directory = \"\"", "harmonia.toml:2:13: nar_cache.directory: expected the path of a file")]
    [TestCase("directory = \"a\"\nlevel = 20", "harmonia.toml:3:9: nar_cache.level: expected an integer from -7 to 19, but got 20")]
    [TestCase("directory = \"a\"\nmax_size = \"3 MB\"", "harmonia.toml:3:12: nar_cache.max_size: expected a number of bytes")]
    [TestCase("directory = \"a\"\nmax_sise = 3", "harmonia.toml:3:1: nar_cache.max_sise: unknown key; did you mean 'max_size'?")]
    public void What_stored_NARs_cannot_do_with_is_refused_at_the_start(string lines, string error)
    {
        Read($"[nar_cache]\n{lines}");

        AssertFindings([error], []);
    }

    [TestCase("", null, null)]
    [TestCase("max_size = 4096", null, null)]
    [TestCase("", "/var/cache/a:/var/cache/b", "/var/cache/a/signatures")]
    [TestCase("", ":/var/cache/b", null)]
    [TestCase("directory = \"kept\"", null, "kept")]
    [TestCase("directory = \"kept\"", "/var/cache/a", "kept")]
    public void Signatures_are_kept_where_a_key_or_systemd_says(string line, string? variable, string? expected)
    {
        SignatureOptions? options = Read($"[signatures]\n{line}", new CacheEnvironment { CacheDirectory = variable }).Signatures;

        Assert.That(options, Is.EqualTo(expected is null ? null : new SignatureOptions { Directory = expected, MaxSize = 128 * 1024 * 1024 }));
        AssertFindings([], []);
    }

    [TestCase("max_size = 0", 0)]
    [TestCase("max_size = 2048", 2048)]
    [TestCase("max_size = \"1 TiB\"", 1L << 40)]
    public void The_size_of_kept_signatures_is_read(string line, long expected)
    {
        Assert.That(Read($"[signatures]\ndirectory = \"a\"\n{line}").Signatures!.MaxSize, Is.EqualTo(expected));
        AssertFindings([], []);
    }

    [TestCase("max_size = 2047", "harmonia.toml:2:12: signatures.max_size: expected 0 or at least 2048 bytes, but got 2047")]
    [TestCase("directory = \"\"", "harmonia.toml:2:13: signatures.directory: expected the path of a file")]
    [TestCase("dir = \"a\"", "harmonia.toml:2:1: signatures.dir: unknown key")]
    public void What_cannot_keep_signatures_is_refused_at_the_start(string line, string error)
    {
        Read($"[signatures]\n{line}");

        AssertFindings([error], []);
    }

    [Test]
    public void All_that_is_wrong_is_reported_at_once_with_its_place()
    {
        Read(
            """
            bind = "localhost"
            workers = 0
            priority = "high"
            virtual_nix_store = "/nix/../store"
            real_nix_store = ""
            unix_socket_mode = "999"
            log_level = "loud"
            tls_cert_path = "/cert"
            tls_client_ca_path = "/ca"
            sign_keys_paths = []
            """,
            new CacheEnvironment { StoreDirectory = "store" });

        AssertFindings([
            "harmonia.toml:1:8: bind: expected",
            "harmonia.toml:2:11: workers: expected an integer from 1",
            "harmonia.toml:3:12: priority: expected an integer",
            "harmonia.toml:4:21: virtual_nix_store: \"/nix/../store\" is not",
            "harmonia.toml:5:18: real_nix_store: expected the path of a file",
            "harmonia.toml:6:20: unix_socket_mode: expected an octal",
            "harmonia.toml:7:13: log_level: expected one of",
            "harmonia.toml:8:17: tls_cert_path: TLS needs tls_key_path too",
            "harmonia.toml:9:22: tls_client_ca_path: client certificates need",
            "harmonia.toml:10:1: sign_keys_paths: unknown key; did you mean 'sign_key_paths'?",
            "NIX_STORE_DIR: \"store\" is not",
        ], []);
    }

    [Test]
    public void Several_addresses_are_a_list()
    {
        CacheOptions options = Read("bind = [\"[::1]:80\", \"unix:socket\"]");

        Assert.That(options.Bind, Is.EqualTo(new ListenAddress[] { new ListenAddress.Tcp("::1", 80), new ListenAddress.Unix("socket") }));
        AssertFindings([], []);
    }

    [TestCase("bind = []", "harmonia.toml:1:8: bind: expected at least one")]
    [TestCase("bind = [\"[::1]:80\", \"nothing\"]", "harmonia.toml:1:8: bind: expected 'host:port'")]
    [TestCase("operator = \"\"", "harmonia.toml:1:12: operator: expected a line of 1 to 100 characters")]
    [TestCase("operator = \"a\\nb\"", "harmonia.toml:1:12: operator: expected a line of 1 to 100 characters")]
    [TestCase("bind = 5000", "harmonia.toml:1:8: bind: expected an array")]
    [TestCase("sign = \"some\"", "harmonia.toml:1:8: sign: expected one of 'all', 'ultimate', 'none'")]
    [TestCase("tls_key_path = \"key\"", "harmonia.toml:1:16: tls_key_path: TLS needs tls_cert_path too")]
    [TestCase("min_send_rate = -1", "harmonia.toml:1:17: min_send_rate: expected an integer from 0")]
    [TestCase("log_format = \"xml\"", "harmonia.toml:1:14: log_format: expected one of 'text', 'journald', 'json'")]
    public void Another_wrong_value_is_named_with_what_was_expected(string toml, string error)
    {
        Read(toml);

        AssertFindings([error], []);
    }

    [TestCase("\"660\"", 0b110_110_000)]
    [TestCase("\"0000\"", 0)]
    public void A_socket_mode_is_octal(string mode, int expected) =>
        Assert.That(Read($"unix_socket_mode = {mode}").UnixSocketMode, Is.EqualTo((UnixFileMode)expected));

    [TestCase("660")]
    [TestCase("\"1777\"")]
    [TestCase("\"66\"")]
    [TestCase("\"00660\"")]
    [TestCase("\"rw-rw----\"")]
    public void Another_socket_mode_is_refused(string mode)
    {
        Read($"unix_socket_mode = {mode}");

        Assert.That(_errors, Has.Count.EqualTo(1));
    }

    private CacheOptions Read(string toml, CacheEnvironment? environment = null) => CacheOptionsReader.Read(
        ConfigurationFile.Parse(toml, "harmonia.toml"), environment ?? new CacheEnvironment(), _errors, _warnings);

    private void AssertFindings(string[] errors, string[] warnings)
    {
        AssertStarts(_errors.Select(error => error.ToString()), errors);
        AssertStarts(_warnings, warnings);
    }

    private static void AssertStarts(IEnumerable<string> actual, string[] expected)
    {
        string[] lines = [.. actual];
        Assert.That(lines, Has.Length.EqualTo(expected.Length), string.Join('\n', lines));
        foreach ((string line, string start) in lines.Zip(expected))
            Assert.That(line, Does.StartWith(start));
    }
}
