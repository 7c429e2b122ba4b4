using Harmonia.Benchmarks.Servers.Processes;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>Starts nginx with the static files: the least that a server can do.</summary>
internal static class NginxServer
{
    /// <summary>As the tables show it.</summary>
    public const string Name = "nginx";

    private const int FirstPort = 5700;

    public static async Task<Server> StartAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        string directory = workspace.NewDirectory(Name);
        int port = FreePort.From(FirstPort);
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
              server { listen 127.0.0.1:{{port}}; root {{workspace.StaticFiles}}; }
            }
            """, cancellationToken);
        string program = Command.Exists(Name) ? Name : "/usr/sbin/nginx";
        RunningProgram nginx = RunningProgram.Start(Path.Combine(directory, "log"), program, ["-e", errors, "-c", configuration]);
        Server server = new(Name, $"http://127.0.0.1:{port}", [nginx.ProcessId], nginx);
        try
        {
            await nginx.AwaitReadyAsync(server.AnswersAsync, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
