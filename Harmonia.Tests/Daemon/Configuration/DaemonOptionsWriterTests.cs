using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Configuration;

public sealed class DaemonOptionsWriterTests
{
    private const string EveryKey = """
        socket_path = "/run/\"quoted\"/socket"
        socket_mode = "0660"
        store_dir = "/gnu/store"
        real_store_dir = "/srv/store"
        state_dir = "/srv/state"
        db_path = "/srv/db.sqlite"
        log_dir = "/srv/log"
        build_delegate = "/usr/bin/nix-store"
        trusted_users = ["root", "@wheel"]
        allowed_users = []
        build_users_group = "nixbld"
        require_sigs = false
        trusted_public_keys = ["cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="]
        secret_key_files = ["/etc/key"]
        substituters = ["https://one.example"]
        trusted_substituters = ["https://two.example"]
        fsync_store_paths = true
        fsync_metadata = false
        keep_outputs = true
        keep_derivations = false
        auto_optimise_store = true
        min_free = "5 GiB"
        max_free = "4097 B"
        log_level = "warn"
        log_format = "journald"
        max_connections = 7
        database_connections = 3
        handshake_timeout = 4
        shutdown_timeout = 0

        """;

    [Test]
    public void Every_key_is_written_as_it_was_read() => Assert.That(Write(EveryKey), Is.EqualTo(EveryKey));

    [TestCase("trace")]
    [TestCase("debug")]
    [TestCase("info")]
    [TestCase("error")]
    [TestCase("off")]
    public void Log_level_is_written_as_it_was_read(string level) =>
        Assert.That(Write($"log_level = \"{level}\""), Does.Contain($"log_level = \"{level}\""));

    [Test]
    public void Defaults_are_read_back_to_the_same()
    {
        string written = Write("");

        Assert.That(Write(written), Is.EqualTo(written));
        Assert.That(written, Does.Contain("socket_path = \"/nix/var/nix/daemon-socket/socket\"").And.Contain("allowed_users = [\"*\"]"));
        Assert.That(written, Does.Not.Contain("trusted_users").And.Not.Contain("build_delegate"));
    }

    private static string Write(string text) => DaemonOptionsWriter.Write(
        new DaemonOptionsReader(_ => null).Read(ConfigurationFile.Parse(text, "daemon.toml"), new NixSettings([])));
}
