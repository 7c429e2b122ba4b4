using System.Globalization;

namespace Harmonia.Tests.Support;

/// <summary>
/// A front end in front of two caches, with the configuration of docs/deployment: only names, addresses and files are replaced, and each of
/// them must be there.
/// </summary>
public sealed class FrontEnd : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _name;
    private HarmoniaProgram? _program;

    private FrontEnd(string name, TestCertificates certificates)
    {
        _name = name;
        Port = CacheProcess.FreePort();
        IsEncrypted = name != "varnish";
        Url = new Uri(IsEncrypted ? $"https://localhost:{Port}" : $"http://127.0.0.1:{Port}");
        Authority = certificates.Authority;
    }

    /// <summary>The names of all of them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["nginx", "caddy", "haproxy", "varnish"];

    /// <summary>Where clients find the cache.</summary>
    public Uri Url { get; }

    public int Port { get; }

    /// <summary>Whether it speaks TLS. Varnish leaves that to another program.</summary>
    public bool IsEncrypted { get; }

    /// <summary>The file of the certificate that clients must trust.</summary>
    public string Authority { get; }

    /// <summary>Starts one and waits until it passes requests on.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="first">Reached by its Unix socket.</param>
    /// <param name="second">Reached by TCP.</param>
    /// <param name="certificates">Its own.</param>
    public static async Task<FrontEnd> StartAsync(string name, HarmoniaCache first, HarmoniaCache second, TestCertificates certificates)
    {
        FrontEnd front = new(name, certificates);
        try
        {
            (string program, string[] arguments) = await front.ConfigureAsync(first.UnixSocket, second.Url.Port, certificates);
            front._program = await HarmoniaProgram.StartAsync(
                program, arguments, async () => (await front.AskAsync("/health", "--fail")).ExitCode == 0,
                new Dictionary<string, string?> { ["HOME"] = front._directory.Path, ["XDG_DATA_HOME"] = front._directory.Path });
            return front;
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs curl.</summary>
    public Task<CommandResult> AskAsync(string path, params string[] arguments) =>
        Command.TryRunAsync("curl", ["--silent", "--cacert", Authority, .. arguments, $"{Url.GetLeftPart(UriPartial.Authority)}{path}"]);

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.TerminateAsync();
            await _program.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task<(string Program, string[] Arguments)> ConfigureAsync(string socket, int port, TestCertificates certificates)
    {
        string other = CacheProcess.FreePort().ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(
            _directory["both.pem"], await File.ReadAllTextAsync(certificates.Chain) + await File.ReadAllTextAsync(certificates.Pkcs8Key));
        switch (_name)
        {
            case "nginx":
                await WriteAsync(
                    "nginx.conf", "included.conf",
                    ("unix:/run/harmonia/http.sock", $"unix:{socket}"), ("cache-2.example.org:5000", $"127.0.0.1:{port}"),
                    ("listen 80;", $"listen 127.0.0.1:{other};"), ("listen [::]:80;", ""),
                    ("listen 443 ssl http2;", $"listen 127.0.0.1:{Port} ssl http2;"), ("listen [::]:443 ssl http2;", ""),
                    ("server_name cache.example.org;", "server_name localhost;"), ("/var/cache/nginx/harmonia", _directory["nginx"]),
                    ("/etc/ssl/cache.example.org.crt", certificates.Chain), ("/etc/ssl/private/cache.example.org.key", certificates.Pkcs8Key));
                await File.WriteAllTextAsync(_directory["main.conf"], $$"""
                    daemon off;
                    user root;
                    pid {{_directory["pid"]}};
                    error_log stderr;
                    events {}
                    http {
                      access_log off;
                      proxy_temp_path {{_directory["proxy"]}};
                      client_body_temp_path {{_directory["body"]}};
                      fastcgi_temp_path {{_directory["fastcgi"]}};
                      uwsgi_temp_path {{_directory["uwsgi"]}};
                      scgi_temp_path {{_directory["scgi"]}};
                      include {{_directory["included.conf"]}};
                    }
                    """);
                return ("/usr/sbin/nginx", ["-p", _directory.Path, "-c", _directory["main.conf"], "-e", "stderr"]);
            case "caddy":
                await WriteAsync(
                    "Caddyfile", "Caddyfile",
                    ("cache.example.org {", $"{{\n\tadmin off\n\thttp_port {other}\n}}\n\nhttps://localhost:{Port} {{\n\ttls {certificates.Chain} {certificates.Pkcs8Key}\n"),
                    ("unix//run/harmonia/http.sock", $"unix/{socket}"), ("cache-2.example.org:5000", $"127.0.0.1:{port}"));
                return ("/usr/bin/caddy", ["run", "--adapter", "caddyfile", "--config", _directory["Caddyfile"]]);
            case "haproxy":
                await WriteAsync(
                    "haproxy.cfg", "haproxy.cfg",
                    ("bind :80\n", $"bind 127.0.0.1:{other}\n"), ("bind :443 ", $"bind 127.0.0.1:{Port} "),
                    ("/etc/haproxy/cache.example.org.pem", _directory["both.pem"]),
                    ("unix@/run/harmonia/http.sock", $"unix@{socket}"), ("cache-2.example.org:5000", $"127.0.0.1:{port}"));
                return ("/usr/sbin/haproxy", ["-f", _directory["haproxy.cfg"]]);
            default:
                await WriteAsync(
                    "varnish.vcl", "default.vcl",
                    ("\"/run/harmonia/http.sock\"", $"\"{socket}\""), ("\"cache-2.example.org\"", "\"127.0.0.1\""), ("\"5000\"", $"\"{port}\""));
                return ("/usr/sbin/varnishd", ["-j", "none", "-F", "-n", _directory["varnish"], "-a", $"127.0.0.1:{Port}", "-f", _directory["default.vcl"]]);
        }
    }

    private async Task WriteAsync(string source, string target, params (string Old, string New)[] replacements)
    {
        string text = await File.ReadAllTextAsync(Repository.PathOf($"docs/deployment/{source}"));
        foreach ((string old, string replacement) in replacements)
        {
            text = text.Contains(old, StringComparison.Ordinal)
                ? text.Replace(old, replacement, StringComparison.Ordinal)
                : throw new InvalidOperationException($"docs/deployment/{source} does not contain '{old}'.");
        }

        await File.WriteAllTextAsync(_directory[target], text);
    }
}
