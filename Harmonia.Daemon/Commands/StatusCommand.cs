using System.CommandLine;
using System.Globalization;
using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Commands;

/// <summary>Prints what a running daemon serves, in a few lines for people.</summary>
internal static class StatusCommand
{
    private const int Failure = 1;

    public static Command Create()
    {
        Option<string?> config = HealthCommand.CreateConfigOption();
        Argument<string?> socket = HealthCommand.CreateSocket();
        Command status = new("status", "Print what a running daemon serves. Ends with 1 if it does not answer.") { config, socket };
        status.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(socket), parsed.GetValue(config), cancellationToken));
        return status;
    }

    private static async Task<int> RunAsync(string? socket, string? configuration, CancellationToken cancellationToken)
    {
        try
        {
            DaemonOptions options = HealthCommand.Load(configuration);
            DaemonConnectorOptions address = new() { SocketPath = socket ?? options.SocketPath, StoreDirectory = options.StoreDirectory };
            using DaemonClient daemon = await HealthCommand.ConnectAsync(address, cancellationToken);
            HandshakeResult handshake = daemon.Connection.Handshake;
            Print("version", $"{handshake.NixVersion ?? "unknown"}, protocol {handshake.PeerVersion}");
            Print("socket", address.SocketPath);
            // The daemon at another socket may have another store, and does not say which.
            if (socket is null)
            {
                Print("store", options.StoreDirectory.Path);
            }

            int count = await daemon.CountValidPathsAsync(cancellationToken);
            Print("paths", count.ToString(CultureInfo.InvariantCulture));
            Print("you are", Describe(handshake.Trust));
            return 0;
        }
        catch (Exception exception) when (exception
            is ConfigurationException or IOException or UnauthorizedAccessException or RemoteErrorException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failure;
        }
    }

    private static string Describe(Trust trust) => trust switch
    {
        Trust.Trusted => "trusted: you may add any path and change any setting",
        Trust.NotTrusted => "not trusted: what you add needs a trusted signature, or a content address",
        _ => "unknown to this client: the daemon does not say whether it trusts you",
    };

    private static void Print(string name, string value) => Console.WriteLine($"{name,-8} {value}");
}
