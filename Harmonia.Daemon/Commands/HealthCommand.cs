using System.CommandLine;
using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Configuration;

namespace Harmonia.Daemon.Commands;

/// <summary>Asks a running daemon whether it serves, for health checks without a Nix.</summary>
internal static class HealthCommand
{
    private const int Failure = 1;

    // A daemon that takes longer for a handshake is not well.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public static Command Create()
    {
        Option<string?> config = CreateConfigOption();
        Argument<string?> socket = CreateSocket();
        Command health = new("health", "Shake hands with a running daemon. Ends with 0 or 1, after at most 3 seconds.") { config, socket };
        health.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(socket), parsed.GetValue(config), cancellationToken));
        return health;
    }

    internal static Option<string?> CreateConfigOption() => new("--config")
    {
        Description = "The TOML file that names the socket, instead of the one that HARMONIA_DAEMON_CONFIG names.",
        HelpName = "file",
    };

    internal static Argument<string?> CreateSocket()
    {
        Argument<string?> socket = new("socket")
        {
            Description = "The socket of the daemon; default: socket_path of the configuration.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        socket.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: "" }])
            {
                result.AddError("expected the path of a socket, but got nothing");
            }
        });
        return socket;
    }

    internal static DaemonOptions Load(string? configuration) => new DaemonOptionsReader(Environment.GetEnvironmentVariable).Read(configuration);

    /// <summary>Opens a connection.</summary>
    /// <exception cref="IOException">There is no daemon, it does not let us in, or it takes too long.</exception>
    internal static async Task<DaemonClient> ConnectAsync(DaemonConnectorOptions options, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await new DaemonConnector(options).ConnectAsync(limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The daemon at {options.SocketPath} did not answer within {Limit.TotalSeconds} s.", exception);
        }
    }

    private static async Task<int> RunAsync(string? socket, string? configuration, CancellationToken cancellationToken)
    {
        try
        {
            string path = socket ?? Load(configuration).SocketPath;
            using DaemonClient daemon = await ConnectAsync(new DaemonConnectorOptions { SocketPath = path }, cancellationToken);
            Console.WriteLine("OK");
            return 0;
        }
        catch (Exception exception) when (exception is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failure;
        }
    }
}
