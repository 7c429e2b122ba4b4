using Harmonia.Protocol.Store;
using Harmonia.Tests.Cache.Metrics;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarInfo;

/// <summary>The real program keeps signatures in real files, as its clients and its metrics see it.</summary>
public sealed class SignaturesOnDiskTests
{
    private const int Paths = 300;

    private TemporaryDirectory _directory = null!;
    private FakeDaemon _daemon = null!;
    private SecretKey _key = null!;

    private string[] Files => Directory.GetFiles(_directory["signatures"]);

    [SetUp]
    public void StartDaemon()
    {
        (_directory, _daemon, _key) = (new TemporaryDirectory(), FakeDaemon.Started(), SecretKey.Generate("cache.example.org-1"));
        File.WriteAllText(_directory["key"], _key.ExportText());
    }

    [TearDown]
    public async Task StopDaemonAsync()
    {
        _key.Dispose();
        await _daemon.DisposeAsync();
        _directory.Dispose();
    }

    [Test]
    public async Task After_a_restart_no_signature_is_made_again()
    {
        Dictionary<string, string?> environment = new() { ["CACHE_DIRECTORY"] = $"{_directory.Path}:/nonexistent" };
        await using (CacheProcess first = await StartAsync("", environment))
        {
            await AskAsync(first);
            Assert.That(await CountAsync(first), Is.EqualTo((Paths, 0)));
            Assert.That(await first.Program.TerminateAsync(), Is.Zero);
        }

        await using CacheProcess second = await StartAsync("", environment);
        await AskAsync(second);

        Assert.That(await CountAsync(second), Is.EqualTo((0, Paths)));
        Assert.That(second.Program.Log, Does.Contain($"Signatures by {_key.Name} are kept in {Files.Single()}"));
    }

    [Test]
    public async Task A_kill_in_the_middle_of_writing_is_no_harm()
    {
        int found = 0;
        for (int round = 0; round < 3; round++)
        {
            await using CacheProcess cache = await StartAsync();
            Assert.That(cache.Program.Log, Does.Not.Contain("it was emptied"));
            using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{cache.Port}") };
            int answered = 0;
            Task[] clients =
            [
                .. Enumerable.Range(0, 8).Select(async _ =>
                {
                    for (int number = Interlocked.Increment(ref answered); ; number = Interlocked.Increment(ref answered))
                        await AskAsync(client, number);
                }),
            ];

            await Patience.UntilAsync(() => Volatile.Read(ref answered) > (round + 1) * Paths);
            (_, int kept) = await CountAsync(cache);
            await cache.Program.KillAsync();
            Assert.That(async () => await Task.WhenAll(clients), Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
            Assert.That(kept, round == 0 ? Is.Zero : Is.Positive);
            found += kept;
        }

        Assert.That(found, Is.Positive);
    }

    [Test]
    public async Task Two_processes_with_one_directory_both_sign_and_one_keeps()
    {
        await using CacheProcess first = await StartAsync();
        await using CacheProcess second = await StartAsync();

        await AskAsync(first);
        await AskAsync(second);

        Assert.That(await CountAsync(first), Is.EqualTo((Paths, 0)));
        Assert.That(await CountAsync(second), Is.EqualTo((Paths, 0)));
        await second.LogsAsync("signatures are not kept");
        Assert.That(first.Program.Log, Does.Not.Contain("signatures are not kept"));
    }

    [Test]
    public async Task The_file_of_a_key_that_a_reload_takes_away_is_deleted()
    {
        using SecretKey other = SecretKey.Generate("cache.example.org-2");
        await File.WriteAllTextAsync(_directory["other"], other.ExportText());
        await using CacheProcess cache = await StartAsync();
        await AskAsync(cache);
        string before = Files.Single();

        string text = await File.ReadAllTextAsync(_directory["harmonia.toml"]);
        await File.WriteAllTextAsync(_directory["harmonia.toml"], text.Replace(_directory["key"], _directory["other"], StringComparison.Ordinal));
        await cache.SendSighupAsync();
        await cache.LogsAsync($"{before}: deleted");

        Assert.That(Files.Single(), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task A_full_disk_is_nothing_that_a_client_notices()
    {
        using SmallDisk disk = new(40 * 1024);
        await using CacheProcess cache = await StartAsync($"[signatures]\ndirectory = \"{disk.Path}/signatures\"");

        await AskAsync(cache);
        await cache.LogsAsync("signatures are not kept");
        await AskAsync(cache);

        Assert.That(await CountAsync(cache), Is.EqualTo((Paths, 0)));
    }

    [Test]
    public async Task A_directory_that_cannot_be_made_stops_the_start()
    {
        await File.WriteAllTextAsync(_directory["file"], "");

        Assert.That(
            async () => await StartAsync($"[signatures]\ndirectory = \"{_directory["file"]}/signatures\""),
            Throws.InstanceOf<InvalidOperationException>().With.Message.Contains("signatures.directory: "));
    }

    [Test]
    public async Task With_no_room_given_nothing_is_kept()
    {
        await using CacheProcess cache = await StartAsync($"[signatures]\ndirectory = \"{_directory["signatures"]}\"\nmax_size = 0");

        await AskAsync(cache);

        Assert.That(await CountAsync(cache), Is.EqualTo((Paths, 0)));
        Assert.That(Directory.Exists(_directory["signatures"]), Is.False);
    }

    private Task<CacheProcess> StartAsync() => StartAsync($"[signatures]\ndirectory = \"{_directory["signatures"]}\"");

    private Task<CacheProcess> StartAsync(string table, Dictionary<string, string?>? environment = null) => CacheProcess.StartAsync(
        _directory, $"sign_key_paths = [\"{_directory["key"]}\"]\n{table}", [], environment, _daemon.SocketPath);

    private async Task AskAsync(CacheProcess cache)
    {
        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{cache.Port}") };
        for (int number = 0; number < Paths; number++)
            await AskAsync(client, number);
    }

    // Every signature must be right, whether it was made or found.
    private async Task AskAsync(HttpClient client, int number)
    {
        StorePath path = FakeStore.PathOf(FakeStore.Hash(number));
        byte[] fingerprint = Fingerprint.Of(StoreDirectory.Default, new ValidPathInfo { Path = path, Info = FakeStore.InfoOf(path) });
        string narInfo = await client.GetStringAsync(new Uri($"/{path.Hash}.narinfo", UriKind.Relative)).InTime();
        string signature = narInfo.Split('\n').Single(line => line.StartsWith("Sig: ", StringComparison.Ordinal))[5..];
        Assert.That(_key.PublicKey.Verify(fingerprint, Signature.Parse(signature)));
    }

    private static async Task<(int Made, int Kept)> CountAsync(CacheProcess cache)
    {
        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{cache.Port}") };
        string text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)).InTime();
        return (
            (int)MetricSample.ValueOf(text, "harmonia_signatures_total", "source=\"made\""),
            (int)MetricSample.ValueOf(text, "harmonia_signatures_total", "source=\"kept\""));
    }
}
