using Harmonia.Benchmarks.Servers.Processes;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>Starts nginx with the static files: the least that a server can do.</summary>
internal static class NginxServer
{
    /// <summary>As the tables show it.</summary>
    public const string Name = "nginx";

    private const int FirstPort = 5700;

    /// <summary>Returns it twice: as clients see it without TLS, which owns the processes, and with it.</summary>
    public static async Task<(Server Plain, Server Secure)> StartAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        string directory = workspace.NewDirectory(Name);
        ServerCertificate certificate = await ServerCertificate.MakeAsync(workspace, cancellationToken);
        int port = FreePort.From(FirstPort);
        int securePort = FreePort.From(port + 1);
        string configuration = Path.Combine(directory, "nginx.conf");
        string errors = Path.Combine(directory, "error.log");
        await File.WriteAllTextAsync(configuration, $$"""
            daemon off;
            pid {{directory}}/pid;
            error_log {{errors}} error;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            worker_processes 2;
            events { worker_connections 4096; }
            http {
              access_log off;
              sendfile on;
              tcp_nopush on;
              keepalive_requests 1000000000;
              default_type application/octet-stream;
              types { text/x-nix-narinfo narinfo; application/x-nix-nar nar; application/json ls; }
              client_body_temp_path {{directory}}; proxy_temp_path {{directory}}; fastcgi_temp_path {{directory}};
              uwsgi_temp_path {{directory}}; scgi_temp_path {{directory}};
              ssl_certificate {{certificate.CertificatePath}};
              ssl_certificate_key {{certificate.KeyPath}};
              ssl_protocols TLSv1.2 TLSv1.3;
              server { listen 127.0.0.1:{{port}}; listen 127.0.0.1:{{securePort}} ssl http2; root {{workspace.StaticFiles}}; }
            }
            """, cancellationToken);
        string program = Command.Exists(Name) ? Name : "/usr/sbin/nginx";
        RunningProgram nginx = RunningProgram.Start(Path.Combine(directory, "log"), program, ["-e", errors, "-c", configuration]);
        Server plain = new(Name, $"http://127.0.0.1:{port}", [nginx.ProcessId], [nginx]);
        Server secure = new(Name, $"https://127.0.0.1:{securePort}", [nginx.ProcessId], [], certificate);
        try
        {
            await nginx.AwaitReadyAsync(secure.AnswersAsync, cancellationToken);
            return (plain, secure);
        }
        catch
        {
            await secure.DisposeAsync();
            await plain.DisposeAsync();
            throw;
        }
    }
}
