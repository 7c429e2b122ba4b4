using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

/// <summary>The real program reloads changed files while a client keeps its one connection.</summary>
public sealed class ReloadTests
{
    private TemporaryDirectory _directory = null!;
    private FakeDaemon _daemon = null!;

    private string Configuration => _directory["harmonia.toml"];

    [SetUp]
    public void StartDaemon() => (_directory, _daemon) = (new TemporaryDirectory(), FakeDaemon.Started());

    [TearDown]
    public async Task StopDaemonAsync()
    {
        await _daemon.DisposeAsync();
        _directory.Dispose();
    }

    [Test]
    public async Task Old_and_new_key_sign_together_and_no_connection_is_dropped()
    {
        string old = MakeKey("old-1"), next = MakeKey("next-1"), third = MakeKey("third-1");
        await using CacheProcess cache = await CacheProcess.StartAsync(
            _directory, $"sign_key_paths = [\"{old}\"]", [], daemonSocket: _daemon.SocketPath);
        using KeptConnection client = new(new Uri($"http://127.0.0.1:{cache.Port}"));
        Assert.That(await SignersAsync(client), Is.EqualTo(new[] { "old-1" }));

        Rewrite($"[\"{old}\"]", $"[\"{old}\", \"{next}\"]");
        await cache.SendSighupAsync();
        await SignedByAsync(client, "old-1", "next-1");

        // No signal is sent from here on.
        Rewrite($"[\"{old}\", \"{next}\"]", $"[\"{next}\"]");
        await SignedByAsync(client, "next-1");
        File.Move(third, next, overwrite: true);
        await SignedByAsync(client, "third-1");

        Assert.That(client.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task A_changed_log_level_holds_at_once()
    {
        await using CacheProcess cache = await CacheProcess.StartAsync(
            _directory, "log_level = \"warn\"", [], daemonSocket: _daemon.SocketPath);
        using KeptConnection client = new(new Uri($"http://127.0.0.1:{cache.Port}"));
        await client.GetAsync("/version");

        Rewrite("\"warn\"", "\"debug\"");
        await Patience.UntilAsync(async () =>
        {
            await client.GetAsync("/version");
            return cache.Program.Log.Contains("GET /version 200", StringComparison.Ordinal);
        });

        Assert.That(client.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task New_connections_get_a_renewed_certificate_and_old_ones_continue()
    {
        using TestCertificates certificates = await TestCertificates.MakeAsync();
        string chain = _directory["chain.pem"], key = _directory["key.pem"];
        File.Copy(certificates.Chain, chain);
        File.Copy(certificates.Pkcs8Key, key);
        await using CacheProcess cache = await CacheProcess.StartAsync(
            _directory, $"tls_cert_path = \"{chain}\"\ntls_key_path = \"{key}\"", ["--insecure"]);
        Uri url = new($"https://localhost:{cache.Port}");
        using KeptConnection client = new(url);
        await client.GetAsync("/health");
        Assert.That(client.Certificate, Is.EqualTo("CN=pkcs8"));

        File.Copy(certificates.Sec1Key, key, overwrite: true);
        File.Copy(certificates.EllipticChain, chain, overwrite: true);
        await Patience.UntilAsync(async () =>
        {
            using KeptConnection newcomer = new(url);
            await newcomer.GetAsync("/health");
            return newcomer.Certificate == "CN=sec1";
        });
        await client.GetAsync("/health");

        Assert.That(client.Connections, Is.EqualTo(1));
    }

    private string MakeKey(string name)
    {
        using SecretKey key = SecretKey.Generate(name);
        File.WriteAllText(_directory[name], key.ExportText());
        return _directory[name];
    }

    private void Rewrite(string before, string after)
    {
        string text = File.ReadAllText(Configuration);
        Assert.That(text, Does.Contain(before));
        File.WriteAllText(_directory["next.toml"], text.Replace(before, after, StringComparison.Ordinal));
        File.Move(_directory["next.toml"], Configuration, overwrite: true);
    }

    private static Task SignedByAsync(KeptConnection client, params string[] names) =>
        Patience.UntilAsync(async () => names.ToHashSet().SetEquals(await SignersAsync(client)));

    private static async Task<string[]> SignersAsync(KeptConnection client) =>
    [
        .. (await client.GetAsync($"/{FakeStore.Hash(1)}.narinfo")).Split('\n')
            .Where(line => line.StartsWith("Sig: ", StringComparison.Ordinal)).Select(line => line[5..].Split(':')[0]),
    ];
}
