using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Configuration;

public sealed class ConfigurationLoaderTests
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = new TemporaryDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public void Without_a_file_the_defaults_and_the_environment_hold()
    {
        string key = WriteKey("key", Private);

        using CacheConfiguration configuration = Load(environment: new CacheEnvironment { SigningKeyPaths = key });

        Assert.That(configuration.Source, Does.Contain("defaults"));
        Assert.That(configuration.SigningKeys, Has.Count.EqualTo(1));
        Assert.That(configuration.Warnings, Is.Empty);
    }

    [Test]
    public void The_option_goes_before_the_variable_and_that_before_the_working_directory()
    {
        string option = Write("option.toml", "priority = 1");
        string variable = Write("variable.toml", "priority = 2");
        Write("settings.toml", "priority = 3");
        CacheEnvironment environment = new() { ConfigurationFile = variable };

        using CacheConfiguration fromOption = Load(option, environment);
        using CacheConfiguration fromVariable = Load(environment: environment);
        using CacheConfiguration implicitly = Load();

        Assert.That(fromOption.Options.Priority, Is.EqualTo(1));
        Assert.That(fromVariable.Options.Priority, Is.EqualTo(2));
        Assert.That(implicitly.Options.Priority, Is.EqualTo(3));
        Assert.That(implicitly.Source, Does.EndWith("/settings.toml"));
    }

    [Test]
    public void Variables_for_TLS_and_credentials_go_before_the_file()
    {
        string file = Write("harmonia.toml", """
            tls_cert_path = "/in-file/crt"
            tls_key_path = "/in-file/key"
            tls_client_ca_path = "/in-file/ca"
            credentials_path = "/in-file/credentials"
            """);
        CacheEnvironment environment = new()
        {
            TlsCertificatePath = "/variable/crt",
            TlsKeyPath = "/variable/key",
            TlsClientAuthoritiesPath = "/variable/ca",
            CredentialsPath = "/variable/credentials",
        };

        CacheOptions options = ConfigurationLoader.LoadOptions(file, environment, _directory.Path);

        Assert.That(options.Tls, Is.EqualTo(new TlsOptions
        {
            CertificatePath = "/variable/crt",
            KeyPath = "/variable/key",
            ClientAuthoritiesPath = "/variable/ca",
        }));
        Assert.That(options.CredentialsPath, Is.EqualTo("/variable/credentials"));
    }

    [Test]
    public void Variable_and_file_together_make_TLS()
    {
        string file = Write("harmonia.toml", "tls_cert_path = \"/in-file/crt\"");

        CacheOptions options = ConfigurationLoader.LoadOptions(file, new CacheEnvironment { TlsKeyPath = "/variable/key" }, _directory.Path);

        Assert.That(options.Tls, Is.EqualTo(new TlsOptions { CertificatePath = "/in-file/crt", KeyPath = "/variable/key" }));
    }

    [Test]
    public void A_variable_for_half_of_TLS_stops_the_start()
    {
        Assert.That(
            () => Load(environment: new CacheEnvironment { TlsCertificatePath = "/crt", TlsClientAuthoritiesPath = "/ca" }),
            Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(
                "TLS_CERT_PATH: TLS needs tls_key_path too\nTLS_CLIENT_CA_PATH: client certificates need tls_cert_path and tls_key_path too"));
        Assert.That(
            () => Load(environment: new CacheEnvironment { TlsKeyPath = "/key" }),
            Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("TLS_KEY_PATH: TLS needs tls_cert_path too"));
    }

    [Test]
    public void A_named_file_that_is_missing_stops_the_start()
    {
        ConfigurationException exception = Assert.Throws<ConfigurationException>(() => Load(_directory["missing.toml"]))!;

        Assert.That(exception.Message, Does.Contain(_directory["missing.toml"]).And.Not.Contain("\n"));
    }

    [Test]
    public void A_file_that_is_not_TOML_is_named_with_the_place()
    {
        string file = Write("bad.toml", "bind = \"x\"\npriority == 3");

        Assert.That(() => Load(file), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith($"{file}:2:"));
    }

    [Test]
    public void Errors_in_the_file_and_in_keys_are_reported_together_one_line_each()
    {
        string corrupt = Write("corrupt", "name:c2VjcmV0");
        string file = Write("harmonia.toml", $"""
            workers = -1
            sign_key_paths = ["{_directory["missing"]}", "{corrupt}"]
            """);

        ConfigurationException exception = Assert.Throws<ConfigurationException>(() => Load(file))!;

        string[] lines = exception.Message.Split('\n');
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines[0], Does.StartWith($"{file}:1:11: workers: "));
        Assert.That(lines[1], Does.StartWith(_directory["missing"]).And.Contain("cannot be read"));
        Assert.That(lines[2], Does.StartWith(corrupt).And.Contain("cannot be used"));
        Assert.That(exception.ToString(), Does.Not.Contain("c2VjcmV0"));
    }

    [Test]
    public void A_key_of_which_the_halves_do_not_belong_together_is_refused()
    {
        using SecretKey one = SecretKey.Generate("one");
        using SecretKey other = SecretKey.Generate("one");
        byte[] mixed = [.. Bytes(one)[..32], .. Bytes(other)[32..]];
        string file = Write("mixed", $"one:{Convert.ToBase64String(mixed)}");

        ConfigurationException exception = Assert.Throws<ConfigurationException>(
            () => Load(environment: new CacheEnvironment { SigningKeyPaths = file }))!;

        Assert.That(exception.Message, Does.Contain(file).And.Not.Contain(Convert.ToBase64String(mixed)));
    }

    [Test]
    public void A_key_needs_no_padding()
    {
        using SecretKey key = SecretKey.Generate("test-1");
        string keyFile = Write("key", key.ExportText().TrimEnd('=') + "\n");
        string file = Write("harmonia.toml", $"sign_key_paths = [\"{keyFile}\"]");

        using CacheConfiguration named = Load(file);
        using CacheConfiguration fromEnvironment = Load(environment: new CacheEnvironment { SigningKeyPaths = keyFile });

        Assert.That(named.SigningKeys.Single().PublicKey, Is.EqualTo(key.PublicKey));
        Assert.That(fromEnvironment.SigningKeys.Single().PublicKey, Is.EqualTo(key.PublicKey));
    }

    [TestCase("/dev/zero")]
    [TestCase("/")]
    public void What_cannot_be_a_key_file_is_refused(string file) =>
        Assert.That(
            () => Load(environment: new CacheEnvironment { SigningKeyPaths = file }),
            Throws.TypeOf<ConfigurationException>().With.Message.StartsWith($"{file}: "));

    [Test]
    public void A_key_that_others_may_read_is_a_warning()
    {
        string key = WriteKey("key", Private | UnixFileMode.GroupRead);

        using CacheConfiguration configuration = Load(environment: new CacheEnvironment { SigningKeyPaths = key });

        Assert.That(configuration.Warnings, Is.EqualTo(new[] { $"{key} has insecure permissions 640; recommend 0600" }));
    }

    [Test]
    public void A_key_among_systemd_credentials_is_no_warning()
    {
        Directory.CreateDirectory(_directory["credentials"]);
        string key = WriteKey("credentials/key", Private | UnixFileMode.GroupRead);
        string link = _directory["link"];
        File.CreateSymbolicLink(link, key);

        using CacheConfiguration configuration = Load(environment: new CacheEnvironment
        {
            SigningKeyPaths = $"{key} {link}",
            CredentialsDirectory = _directory["credentials"],
        });

        Assert.That(configuration.Warnings, Is.Empty);
    }

    private static byte[] Bytes(SecretKey key) => Convert.FromBase64String(key.ExportText()[(key.Name.Length + 1)..]);

    private CacheConfiguration Load(string? option = null, CacheEnvironment? environment = null) =>
        ConfigurationLoader.Load(option, environment ?? new CacheEnvironment(), _directory.Path);

    private string Write(string name, string text)
    {
        File.WriteAllText(_directory[name], text);
        return _directory[name];
    }

    private string WriteKey(string name, UnixFileMode mode)
    {
        using SecretKey key = SecretKey.Generate("test-1");
        Write(name, key.ExportText() + "\n");
        File.SetUnixFileMode(_directory[name], mode);
        return _directory[name];
    }
}
