using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Configuration;

/// <summary>nix.conf as Nix reads it, and the TOML file on top of it.</summary>
public sealed class NixConfTests
{
    private TemporaryDirectory _directory = null!;
    private Dictionary<string, string> _environment = null!;
    private DaemonOptionsReader _reader = null!;

    [SetUp]
    public void Begin()
    {
        _directory = new TemporaryDirectory();
        _environment = new() { ["NIX_CONF_DIR"] = _directory.Path, ["NIX_USER_CONF_FILES"] = "" };
        _reader = new DaemonOptionsReader(_environment.GetValueOrDefault);
    }

    [TearDown]
    public void End() => _directory.Dispose();

    [Test]
    public void Every_setting_of_Nix_that_the_daemon_has_is_read()
    {
        string key = SecretKey.Generate("mine-1").PublicKey.ToString();
        DaemonOptions options = Read($"""
            # The store of a team.
            trusted-users = root @wheel   # and nobody else
            allowed-users	=	alice	bob
            build-users-group = builders
            require-sigs = no
            trusted-public-keys = {key}
            secret-key-files = /etc/a /etc/b
            substituters = https://one.example https://two.example
            trusted-substituters = https://three.example
            fsync-store-paths = 1
            fsync-metadata = false
            keep-outputs = yes
            keep-derivations = 0
            auto-optimise-store = true
            min-free = 512M
            max-free = 3g
            """);

        Assert.That(options.TrustedUsers, Is.EqualTo(new[] { "root", "@wheel" }));
        Assert.That(options.AllowedUsers, Is.EqualTo(new[] { "alice", "bob" }));
        Assert.That(options.BuildUsersGroup, Is.EqualTo("builders"));
        Assert.That(options.RequireSignatures, Is.False);
        Assert.That(options.TrustedPublicKeys.Single().ToString(), Is.EqualTo(key));
        Assert.That(options.SecretKeyFiles, Is.EqualTo(new[] { "/etc/a", "/etc/b" }));
        Assert.That(options.Substituters, Is.EqualTo(new[] { "https://one.example", "https://two.example" }));
        Assert.That(options.TrustedSubstituters, Is.EqualTo(new[] { "https://three.example" }));
        Assert.That(
            (options.SynchroniseStorePaths, options.SynchroniseMetadata, options.KeepOutputs, options.KeepDerivations, options.AutoOptimiseStore),
            Is.EqualTo((true, false, true, false, true)));
        Assert.That((options.MinFree, options.MaxFree), Is.EqualTo((512L << 20, 3L << 30)));
        Assert.That(_reader.Warnings, Is.Empty);
    }

    [TestCase("nix.conf", "trusted-public-keys = {0}")]
    [TestCase("nix.conf", "extra-trusted-public-keys = {0}")]
    [TestCase("daemon.toml", "trusted_public_keys = [\"{0}\"]")]
    public void A_trusted_key_needs_no_padding(string file, string setting)
    {
        using SecretKey key = SecretKey.Generate("mine-1");
        File.WriteAllText(_directory["daemon.toml"], "");
        File.WriteAllText(_directory[file], string.Format(setting, key.PublicKey.ToString().TrimEnd('=')));

        DaemonOptions options = _reader.Read(_directory["daemon.toml"]);

        Assert.That(options.TrustedPublicKeys[^1], Is.EqualTo(key.PublicKey));
    }

    [Test]
    public void The_last_value_counts_and_extra_adds_to_it()
    {
        DaemonOptions options = Read("""
            keep-outputs = true
            gc-keep-outputs = false
            extra-trusted-users = alice
            allowed-users = bob
            extra-allowed-users = carol
            extra-trusted-public-keys = other-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=
            """);

        Assert.That(options.KeepOutputs, Is.False, "by its old name");
        Assert.That(options.TrustedUsers, Is.EqualTo(new[] { "root", "alice" }));
        Assert.That(options.AllowedUsers, Is.EqualTo(new[] { "bob", "carol" }));
        Assert.That(options.TrustedPublicKeys.Select(key => key.Name), Is.EqualTo(new[] { "cache.nixos.org-1", "other-1" }));
    }

    [Test]
    public void An_empty_value_is_an_empty_list() =>
        Assert.That(Read("trusted-users =\n").TrustedUsers, Is.Empty);

    [TestCase("0", 0)]
    [TestCase("12", 12)]
    [TestCase("2K", 2048)]
    [TestCase("1T", 1L << 40)]
    [TestCase("18446744073709551615", long.MaxValue)]
    [TestCase("18446744073709551615T", long.MaxValue)]
    public void Bytes_may_have_a_unit(string text, long bytes) =>
        Assert.That(Read($"max-free = {text}").MaxFree, Is.EqualTo(bytes));

    [Test]
    public void The_TOML_file_has_precedence()
    {
        File.WriteAllText(_directory["daemon.toml"], """
            trusted_users = ["alice"]
            keep_outputs = false
            """);
        File.WriteAllText(_directory["nix.conf"], "trusted-users = bob\nkeep-outputs = true\nkeep-derivations = false\n");

        DaemonOptions options = _reader.Read(_directory["daemon.toml"]);

        Assert.That(options.TrustedUsers, Is.EqualTo(new[] { "alice" }));
        Assert.That((options.KeepOutputs, options.KeepDerivations), Is.EqualTo((false, false)));
    }

    [Test]
    public void Files_of_the_user_and_NIX_CONFIG_count_more_than_the_system_and_the_first_user_file_more_than_the_next()
    {
        File.WriteAllText(_directory["first"], "allowed-users = first\nmin-free = 1\n");
        File.WriteAllText(_directory["second"], "allowed-users = second\nmin-free = 2\nmax-free = 2\n");
        _environment["NIX_USER_CONF_FILES"] = $"{_directory["first"]}:{_directory["second"]}";
        _environment["NIX_CONFIG"] = "min-free = 9\nkeep-outputs = true";

        DaemonOptions options = Read("allowed-users = system\nmax-free = 7\nfsync-store-paths = true");

        Assert.That(options.AllowedUsers, Is.EqualTo(new[] { "first" }));
        Assert.That((options.MinFree, options.MaxFree, options.KeepOutputs, options.SynchroniseStorePaths), Is.EqualTo((9L, 2L, true, true)));
    }

    [Test]
    public void Without_NIX_USER_CONF_FILES_they_are_where_XDG_says()
    {
        _environment.Remove("NIX_USER_CONF_FILES");
        _environment["HOME"] = _directory["home"];
        _environment["XDG_CONFIG_DIRS"] = _directory["xdg"];
        Directory.CreateDirectory(_directory["home/.config/nix"]);
        Directory.CreateDirectory(_directory["xdg/nix"]);
        File.WriteAllText(_directory["home/.config/nix/nix.conf"], "min-free = 1");
        File.WriteAllText(_directory["xdg/nix/nix.conf"], "min-free = 2\nmax-free = 2");

        DaemonOptions options = Read("");

        Assert.That((options.MinFree, options.MaxFree), Is.EqualTo((1L, 2L)));
    }

    [Test]
    public void Files_are_included_where_they_are_named()
    {
        Directory.CreateDirectory(_directory["more"]);
        File.WriteAllText(_directory["more/one.conf"], "keep-outputs = true\ninclude two.conf\nmin-free = 1");
        File.WriteAllText(_directory["more/two.conf"], "min-free = 2\nmax-free = 2");

        DaemonOptions options = Read($"include more/one.conf\nmax-free = 3\n!include {_directory["none"]}");

        Assert.That((options.KeepOutputs, options.MinFree, options.MaxFree), Is.EqualTo((true, 1L, 3L)));
    }

    [TestCase("keep-outputs = true\n\n  keep-derivations = perhaps", ":3:3: keep-derivations: expected 'true' or 'false', but got 'perhaps'")]
    [TestCase("min-free = 12X", ":1:1: min-free: expected a number of bytes such as '10G', but got '12X'")]
    [TestCase("min-free = -1", ":1:1: min-free: expected a number of bytes such as '10G', but got '-1'")]
    [TestCase("keep-outputs true", ":1:1: keep-outputs: expected 'NAME = VALUE', 'include FILE' or '!include FILE'")]
    [TestCase("include a b", ":1:1: include: expected 'NAME = VALUE', 'include FILE' or '!include FILE'")]
    [TestCase("include = 1", ":1:1: include: expected 'NAME = VALUE', 'include FILE' or '!include FILE'")]
    [TestCase("trusted-public-keys = secret", ":1:1: trusted-public-keys: expected 'NAME:' and 32 bytes in base 64")]
    public void What_is_wrong_has_a_place(string text, string error) => Assert.That(
        () => Read(text), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(_directory["nix.conf"] + error));

    [Test]
    public void A_file_that_has_to_be_included_must_be_there() => Assert.That(
        () => Read("include none.conf"),
        Throws.TypeOf<ConfigurationException>().With.Message.StartsWith($"{_directory["nix.conf"]}:1:1: {_directory["none.conf"]}: the included file cannot be read"));

    [Test]
    public void A_user_file_that_cannot_be_read_gives_a_warning()
    {
        Directory.CreateDirectory(_directory["folder"]);
        _environment["NIX_USER_CONF_FILES"] = _directory["folder"];

        Assert.That(Read("min-free = 1").MinFree, Is.EqualTo(1));
        Assert.That(_reader.Warnings.Single(), Does.StartWith($"{_directory["folder"]}: ").And.Contain("denied"));
    }

    [Test]
    public void The_system_file_must_be_readable()
    {
        Directory.CreateDirectory(_directory["nix.conf"]);

        Assert.That(() => _reader.Read(null), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith(_directory["nix.conf"]));
    }

    [Test]
    public void Files_that_include_each_other_are_an_error() => Assert.That(
        () => Read("include nix.conf"), Throws.TypeOf<ConfigurationException>().With.Message.Contains("expected at most 32 nested includes, but got more"));

    [Test]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        File.WriteAllText(_directory["daemon.toml"], "handshake_timeout = 0\n");
        File.WriteAllText(_directory["nix.conf"], "nonsense\nkeep-outputs = 7\n");
        _environment["NIX_STATE_DIR"] = "relative";

        Assert.That(
            () => _reader.Read(_directory["daemon.toml"]),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("handshake_timeout").And.Message.Contains("nonsense")
                .And.Message.Contains("keep-outputs").And.Message.Contains("NIX_STATE_DIR"));
    }

    [Test]
    public void A_file_that_is_not_TOML_does_not_hide_the_errors_of_nix_conf()
    {
        File.WriteAllText(_directory["daemon.toml"], "socket_path = /run/socket\n");
        File.WriteAllText(_directory["nix.conf"], "nonsense\n");

        Assert.That(
            () => _reader.Read(_directory["daemon.toml"]),
            Throws.TypeOf<ConfigurationException>().With.Message.StartsWith($"{_directory["daemon.toml"]}:1:15: expected a value")
                .And.Message.Contains($"{_directory["nix.conf"]}:1:1: nonsense: expected"));
    }

    [Test]
    public void Names_that_no_Nix_has_are_warned_of_once_and_others_are_left_to_Nix()
    {
        Read("sandbox = false\nextra-sandbox-paths = /bin\nkeep-output = true\nkeep-output = false\nextra-keep-outputs = true\nmax-jobs = auto\n");

        Assert.That(
            _reader.Warnings,
            Is.EqualTo(new[]
            {
                $"{_directory["nix.conf"]}:3:1: keep-output: Nix has no such setting",
                $"{_directory["nix.conf"]}:5:1: extra-keep-outputs: Nix has no such setting",
            }));
    }

    private DaemonOptions Read(string nixConf)
    {
        File.WriteAllText(_directory["nix.conf"], nixConf);
        return _reader.Read(null);
    }
}
