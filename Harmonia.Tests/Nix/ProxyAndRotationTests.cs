using System.Diagnostics;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>A cache behind nginx on a Unix socket, and a key that changes under a download.</summary>
[Category("Nix")]
public sealed class ProxyAndRotationTests
{
    private readonly TemporaryDirectory _directory = new();
    private HarmoniaDaemon? _daemon;
    private HarmoniaCache? _cache;

    private static LargeStore Store => LargeStoreSetUp.Store;

    private static string HashOfTree => Path.GetFileName(Store.OddTree)[..32];

    [OneTimeSetUp]
    public async Task StartBothAsync()
    {
        _daemon = await HarmoniaDaemon.StartAsync(Store.Store);
        _cache = await HarmoniaCache.StartAsync(Store.Store, _daemon.SocketPath);
    }

    [OneTimeTearDown]
    public async Task StopBothAsync()
    {
        if (_cache is not null)
            await _cache.DisposeAsync();
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _directory.Dispose();
    }

    [TestCaseSource(typeof(NixRelease), nameof(NixRelease.All))]
    public async Task A_client_copies_through_nginx_from_the_Unix_socket(NixRelease release)
    {
        int port = CacheProcess.FreePort();
        await File.WriteAllTextAsync(_directory["nginx.conf"], $$"""
            daemon off;
            user root;
            pid {{_directory["nginx.pid"]}};
            error_log {{_directory["error.log"]}};
            events {}
            http {
              access_log off;
              proxy_temp_path {{_directory["proxy"]}};
              client_body_temp_path {{_directory["body"]}};
              fastcgi_temp_path {{_directory["fastcgi"]}};
              uwsgi_temp_path {{_directory["uwsgi"]}};
              scgi_temp_path {{_directory["scgi"]}};
              server {
                listen 127.0.0.1:{{port}};
                location / { proxy_pass http://unix:{{_cache!.UnixSocket}}:; proxy_http_version 1.1; }
              }
            }
            """);
        using Process nginx = Process.Start("/usr/sbin/nginx", ["-p", _directory.Path, "-c", _directory["nginx.conf"], "-e", _directory["start.log"]]);
        try
        {
            string url = $"http://127.0.0.1:{port}";
            await Command.RunAsync("curl", ["--silent", "--fail", "--retry", "60", "--retry-connrefused", "--retry-delay", "1", $"{url}/health"]);
            using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

            CommandResult copied = await Command.TryRunAsync(
                release.Program("nix"),
                [
                    "copy", "--extra-experimental-features", "nix-command", "--from", url,
                    "--option", "trusted-public-keys", _cache.PublicKey, "--option", "require-sigs", "true", Store.OddTree,
                ],
                destination.Environment);

            Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
            Assert.That(await destination.QueryAllAsync(), Does.Contain(Store.OddTree));
        }
        finally
        {
            await Command.RunAsync("kill", [$"{nginx.Id}"]);
            await nginx.WaitForExitAsync().InTime();
        }
    }

    [Test]
    public async Task A_new_key_signs_after_SIGHUP_and_a_download_under_way_goes_on()
    {
        using HttpClient client = new() { BaseAddress = _cache!.Url };
        string narUrl = (await client.GetStringAsync($"/{HashOfTree}.narinfo")).Split('\n').Single(line => line.StartsWith("URL: ", StringComparison.Ordinal))[5..];
        await using Stream download = await client.GetStreamAsync(narUrl);
        await download.ReadExactlyAsync(new byte[1000]);
        using SecretKey key = SecretKey.Generate("rotated-1");

        await File.WriteAllTextAsync(_cache.KeyFile, key.ExportText());
        await Command.RunAsync("kill", ["-HUP", $"{_cache.Program.ProcessId}"]);
        string narInfo = "";
        await Patience.UntilAsync(async () =>
        {
            narInfo = await client.GetStringAsync($"/{HashOfTree}.narinfo");
            return narInfo.Contains("Sig: rotated-1:", StringComparison.Ordinal);
        });

        using MemoryStream rest = new();
        await download.CopyToAsync(rest);
        string size = narInfo.Split('\n').Single(line => line.StartsWith("NarSize: ", StringComparison.Ordinal))[9..];
        Assert.That($"{1000 + rest.Length}", Is.EqualTo(size));
    }
}
