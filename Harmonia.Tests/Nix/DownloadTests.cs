using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>The real programs with a store of a real Nix: their memory and descriptors during downloads and after them.</summary>
[Category("Nix")]
public sealed class DownloadTests
{
    // More than the socket buffers of both ends hold.
    private const long Length = 64L * 1024 * 1024;

    private TemporaryDirectory _directory = null!;
    private TestCertificates _certificates = null!;
    private RealNixStore _store = null!;
    private HarmoniaDaemon _daemon = null!;
    private string _path = null!;
    private string _text = null!;
    private string _small = null!;

    [OneTimeSetUp]
    public async Task MakeStoreAsync()
    {
        _directory = new TemporaryDirectory();
        _certificates = await TestCertificates.MakeAsync();
        _store = await RealNixStore.CreateAsync(NixRelease.Forky);
        await using (FileStream file = File.Create(_directory["large"]))
        {
            file.SetLength(Length);
            await file.WriteAsync(RandomNumberGenerator.GetBytes(3_000_000));
        }

        _path = await _store.AddTreeAsync(_directory["large"]);
        await File.WriteAllTextAsync(_directory["text"], Convert.ToHexString(RandomNumberGenerator.GetBytes((int)Length / 2)));
        _text = await _store.AddTreeAsync(_directory["text"]);
        await File.WriteAllBytesAsync(_directory["small"], RandomNumberGenerator.GetBytes(200_000));
        _small = await _store.AddTreeAsync(_directory["small"]);
        _daemon = await HarmoniaDaemon.StartAsync(_store);
    }

    [OneTimeTearDown]
    public async Task RemoveStoreAsync()
    {
        await _daemon.DisposeAsync();
        _store.Dispose();
        _certificates.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task Every_kind_of_connection_gets_the_same_bytes()
    {
        await using HarmoniaCache cache = await HarmoniaCache.StartAsync(_store, _daemon.SocketPath, $"""
            tls_cert_path = "{_certificates.Chain}"
            tls_key_path = "{_certificates.Pkcs8Key}"
            """);
        await using HarmoniaCache plain = await HarmoniaCache.StartAsync(_store, _daemon.SocketPath);
        string expected = Convert.ToHexStringLower(await SHA256.HashDataAsync(File.OpenRead(_store.RealStoreDirectory + "/" + Path.GetFileName(_path))));
        foreach ((HarmoniaCache server, string version, string[] arguments) in ((HarmoniaCache, string, string[])[])[
            (plain, "1.1", []), (plain, "1.1", ["--unix-socket", plain.UnixSocket]), (plain, "1.1", ["--http1.0"]),
            (cache, "1.1", ["--http1.1"]), (cache, "2", ["--http2"])])
        {
            CommandResult answer = await Command.RunAsync(
                "curl",
                [
                    "--silent", "--fail", "--insecure", .. arguments, "--output", _directory["got"], "--write-out", "%{http_version}",
                    $"{server.Url}serve/{HashPart}",
                ]);
            await using FileStream got = File.OpenRead(_directory["got"]);

            Assert.That(answer.Text, Is.EqualTo(version), string.Join(' ', arguments));
            Assert.That(Convert.ToHexStringLower(await SHA256.HashDataAsync(got)), Is.EqualTo(expected), string.Join(' ', arguments));
        }
    }

    [Test]
    public async Task Clients_that_leave_and_clients_that_stall_leave_no_file_open_and_no_memory_taken()
    {
        await using HarmoniaCache cache = await HarmoniaCache.StartAsync(_store, _daemon.SocketPath);
        string process = $"/proc/{cache.Program.ProcessId}";
        await DownloadAsync(cache);
        long before = ResidentBytes(process);

        List<NetworkStream> stalled = await StallAsync(cache, 32);
        Assert.That(OpenStoreFiles(process), Is.EqualTo(32));
        Assert.That(ResidentBytes(process) - before, Is.LessThan(Length));
        foreach (NetworkStream stream in stalled)
            await stream.DisposeAsync();
        foreach (NetworkStream stream in await StallAsync(cache, 32))
            await stream.DisposeAsync();

        await Patience.UntilAsync(() => OpenStoreFiles(process) == 0);
        await DownloadAsync(cache);
    }

    // Each reads as much as a client of 50 KB/s does in a tenth of a second, whenever the others have been served.
    [TestCase("")]
    [TestCase("Accept-Encoding: zstd\r\n")]
    public async Task Slow_clients_delay_nobody_and_take_little_memory(string headers)
    {
        const int Clients = 32;
        // What the socket, the response and the reader hold, and an encoder of 1.3 MiB.
        const long MaxBytesPerClient = 5 * 1024 * 1024;
        await using HarmoniaCache cache = await HarmoniaCache.StartAsync(_store, _daemon.SocketPath, "enable_compression = true");
        using HttpClient client = new() { BaseAddress = cache.Url };
        string url = await NarUrlAsync(client, _text);
        string otherUrl = await NarUrlAsync(client, _small);
        byte[] other = await client.GetByteArrayAsync(new Uri(otherUrl, UriKind.Relative)).InTime();
        string process = $"/proc/{cache.Program.ProcessId}";
        long before = ResidentBytes(process);

        List<NetworkStream> slow = await StallAsync(cache, Clients, "/" + url, headers);
        byte[] piece = new byte[5_000];
        for (int round = 0; round < 20; round++)
        {
            foreach (NetworkStream stream in slow)
                await stream.ReadExactlyAsync(piece).AsTask().InTime();
            Assert.That(await NarUrlAsync(client, _small), Is.EqualTo(otherUrl));
            Assert.That(await client.GetByteArrayAsync(new Uri(otherUrl, UriKind.Relative)).InTime(), Is.EqualTo(other));
        }

        Assert.That(ResidentBytes(process) - before, Is.LessThan(Clients * MaxBytesPerClient));
        foreach (NetworkStream stream in slow)
            await stream.DisposeAsync();
    }

    [Test]
    public async Task A_download_under_way_ends_well_when_the_program_is_asked_to_stop()
    {
        await using HarmoniaCache cache = await HarmoniaCache.StartAsync(_store, _daemon.SocketPath);
        NetworkStream stream = (await StallAsync(cache, 1)).Single();

        Task<int> stopping = cache.Program.TerminateAsync();
        byte[] body = new byte[Length];
        await stream.ReadExactlyAsync(body).AsTask().InTime();
        await stream.DisposeAsync();

        Assert.That(await stopping, Is.Zero);
        Assert.That(SHA256.HashData(body), Is.EqualTo(await SHA256.HashDataAsync(File.OpenRead(_directory["large"]))));
    }

    private string HashPart => Path.GetFileName(_path)[..32];

    private async Task DownloadAsync(HarmoniaCache cache) =>
        await Command.RunAsync("curl", ["--silent", "--fail", "--output", "/dev/null", $"{cache.Url}serve/{HashPart}"]);

    private static async Task<string> NarUrlAsync(HttpClient client, string path)
    {
        string narInfo = await client.GetStringAsync(new Uri($"{Path.GetFileName(path)[..32]}.narinfo", UriKind.Relative)).InTime();
        return narInfo.Split('\n').Single(line => line.StartsWith("URL: ", StringComparison.Ordinal))["URL: ".Length..];
    }

    private Task<List<NetworkStream>> StallAsync(HarmoniaCache cache, int count) => StallAsync(cache, count, $"/serve/{HashPart}");

    private static async Task<List<NetworkStream>> StallAsync(HarmoniaCache cache, int count, string target, string headers = "")
    {
        List<NetworkStream> streams = new();
        for (int index = 0; index < count; index++)
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(cache.Url.Host, cache.Url.Port);
            NetworkStream stream = new(socket, ownsSocket: true);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"));
            Assert.That(await RawResponse.ReadHeadAsync(stream), Does.StartWith("HTTP/1.1 200 "));
            streams.Add(stream);
        }

        return streams;
    }

    private int OpenStoreFiles(string process) =>
        Directory.EnumerateFileSystemEntries($"{process}/fd").Count(link =>
            new FileInfo(link).LinkTarget?.StartsWith(_store.RealStoreDirectory + "/", StringComparison.Ordinal) == true);

    private static long ResidentBytes(string process)
    {
        string line = File.ReadLines($"{process}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
