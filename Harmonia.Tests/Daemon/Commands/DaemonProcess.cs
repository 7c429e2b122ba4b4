using System.Net.Sockets;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Daemon.Commands;

/// <summary>harmonia-daemon as a separate process with a <see cref="SampleStore"/>.</summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private DaemonProcess(SampleStore store, string settings)
    {
        SocketPath = _directory["socket"];
        ConfigurationPath = _directory["daemon.toml"];
        File.WriteAllText(ConfigurationPath, $"""
            socket_path = "{SocketPath}"
            real_store_dir = "{store.RealStoreDirectory}"
            state_dir = "{store.StateDirectory}"
            {settings}

            """);
    }

    public string SocketPath { get; }

    public string ConfigurationPath { get; }

    public HarmoniaProgram Program { get; private set; } = null!;

    /// <summary>Returns when it listens.</summary>
    /// <param name="store">The store that it serves.</param>
    /// <param name="settings">More lines for its configuration.</param>
    /// <param name="openFiles">The limit on its file descriptors.</param>
    public static async Task<DaemonProcess> StartAsync(SampleStore store, string settings = "", int openFiles = 4096)
    {
        DaemonProcess daemon = new(store, settings);

        // The limit must be set before the runtime starts, so prlimit runs the program.
        daemon.Program = await HarmoniaProgram.StartAsync(
            "/usr/bin/prlimit",
            [$"--nofile={openFiles}:{openFiles}", HarmoniaProgram.Path("harmonia-daemon"), "--config", daemon.ConfigurationPath],
            () => Task.FromResult(File.Exists(daemon.SocketPath)),
            new Dictionary<string, string?> { ["NIX_CONF_DIR"] = daemon._directory.Path, ["NIX_USER_CONF_FILES"] = "" });
        return daemon;
    }

    public Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return socket;
    }

    public async Task<SessionClient> ConnectAsync()
    {
        NetworkStream stream = new(Connect(), ownsSocket: true);
        return await SessionClient.ConnectAsync(stream, stream);
    }

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        _directory.Dispose();
    }
}
