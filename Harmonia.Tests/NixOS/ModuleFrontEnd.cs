using System.Globalization;
using System.Text;
using System.Text.Json;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.NixOS;

/// <summary>nginx or Caddy with what a module adds to its configuration. Only the socket, the certificate and the port differ.</summary>
internal sealed class ModuleFrontEnd : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestCertificates _certificates;
    private HarmoniaProgram? _program;

    private ModuleFrontEnd(TestCertificates certificates) => _certificates = certificates;

    public string Url { get; } = $"https://localhost:{CacheProcess.FreePort()}";

    /// <summary>Starts one before the Unix socket of a cache, and waits until it passes requests on.</summary>
    public static async Task<ModuleFrontEnd> StartAsync(string name, string socket, TestCertificates certificates)
    {
        ModuleFrontEnd front = new(certificates);
        try
        {
            using JsonDocument system = JsonDocument.Parse(GoldenFiles.Of(name)["system.json"]);
            JsonElement service = system.RootElement.GetProperty(name);
            string configuration = name == "nginx" ? front.Nginx(service) : front.Caddy(service);
            await File.WriteAllTextAsync(
                front._directory["configuration"],
                configuration
                    .Replace("/run/harmonia-dev/http.sock", socket, StringComparison.Ordinal)
                    .Replace("/run/harmonia/http.sock", socket, StringComparison.Ordinal)
                    .Replace("/var/lib/secrets/cache.pem", certificates.Chain, StringComparison.Ordinal)
                    .Replace("/var/lib/secrets/cache-key.pem", certificates.Pkcs8Key, StringComparison.Ordinal));
            string[] arguments = name == "nginx"
                ? ["-p", front._directory.Path, "-c", front._directory["configuration"], "-e", "stderr"]
                : ["run", "--adapter", "caddyfile", "--config", front._directory["configuration"]];
            front._program = await HarmoniaProgram.StartAsync(
                name == "nginx" ? "/usr/sbin/nginx" : "/usr/bin/caddy", arguments,
                async () => (await front.AskAsync("/health", "--fail")).ExitCode == 0,
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
        Command.TryRunAsync("curl", ["--silent", "--cacert", _certificates.Authority, .. arguments, $"{Url}{path}"]);

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.TerminateAsync();
            await _program.DisposeAsync();
        }

        _directory.Dispose();
    }

    // As NixOS writes it: upstreams, and the host with its locations.
    private string Nginx(JsonElement service)
    {
        StringBuilder text = new($"daemon off; user root; pid {_directory["pid"]}; events {{}}\nhttp {{ access_log off;\n");
        foreach (string kind in (string[])["proxy", "client_body", "fastcgi", "uwsgi", "scgi"])
            text.AppendLine(CultureInfo.InvariantCulture, $"{kind}_temp_path {_directory[kind]};");
        foreach (JsonProperty upstream in service.GetProperty("upstreams").EnumerateObject())
        {
            string servers = string.Concat(upstream.Value.GetProperty("servers").EnumerateObject().Select(server => $"server {server.Name};\n"));
            text.AppendLine(CultureInfo.InvariantCulture, $"upstream {upstream.Name} {{\n{servers}{TextOf(upstream.Value, "extraConfig")}\n}}");
        }

        JsonElement host = service.GetProperty("virtualHosts").EnumerateObject().Single().Value;
        text.AppendLine(CultureInfo.InvariantCulture, $"server {{ listen {Url[(Url.LastIndexOf(':') + 1)..]} ssl http2;");
        text.AppendLine(CultureInfo.InvariantCulture, $"ssl_certificate {_certificates.Chain}; ssl_certificate_key {_certificates.Pkcs8Key};");
        foreach (JsonProperty location in host.GetProperty("locations").EnumerateObject())
        {
            string target = TextOf(location.Value, "proxyPass") is { Length: > 0 } upstream ? $"proxy_pass {upstream};" : "";
            string status = TextOf(location.Value, "return") is { Length: > 0 } code ? $"return {code};" : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"location {location.Name} {{ {target} {status}\n{TextOf(location.Value, "extraConfig")}}}");
        }

        return text.Append(TextOf(host, "extraConfig")).Append("}\n}\n").ToString();
    }

    private string Caddy(JsonElement service)
    {
        JsonElement host = service.GetProperty("virtualHosts").EnumerateObject().Single().Value;
        return $"{{\n\tadmin off\n\thttp_port {CacheProcess.FreePort()}\n}}\n\n{Url} {{\n{TextOf(host, "extraConfig")}}}\n";
    }

    private static string TextOf(JsonElement set, string name) => set.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "";
}
