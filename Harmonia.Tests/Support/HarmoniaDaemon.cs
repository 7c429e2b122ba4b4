using System.Net.Sockets;

namespace Harmonia.Tests.Support;

/// <summary>A running harmonia-daemon over the files of a store that a real Nix made.</summary>
public sealed class HarmoniaDaemon : IAsyncDisposable
{
    private readonly RealNixStore _store;
    private readonly TemporaryDirectory _directory = new();
    private readonly string[] _command;
    private HarmoniaProgram? _program;

    private HarmoniaDaemon(RealNixStore store, string configuration, params string[] command)
    {
        _store = store;
        _command = command;
        File.WriteAllText(ConfigurationPath, $"""
            socket_path = "{SocketPath}"
            store_dir = "{store.StoreDirectory}"
            real_store_dir = "{store.RealStoreDirectory}"
            state_dir = "{store.StateDirectory}"
            log_dir = "{store.LogDirectory}"
            log_level = "info"
            {configuration}

            """);
    }

    public string SocketPath => _directory["socket"];

    public string ConfigurationPath => _directory["daemon.toml"];

    /// <summary>The running process.</summary>
    public HarmoniaProgram Program => _program ?? throw new InvalidOperationException("The daemon is not running.");

    /// <summary>Variables that make any of Nix's programs talk to this daemon.</summary>
    public IReadOnlyDictionary<string, string?> ClientEnvironment =>
        new Dictionary<string, string?>(_store.Environment) { ["NIX_REMOTE"] = $"unix://{SocketPath}{_store.ClientParameters}" };

    /// <summary>Variables that make any of Nix's programs start this daemon with <c>--stdio</c>, as ssh-ng does on the other machine.</summary>
    public IReadOnlyDictionary<string, string?> SshClientEnvironment =>
        new Dictionary<string, string?>(_store.Environment)
        {
            ["NIX_REMOTE"] = $"ssh-ng://localhost?remote-program={_command[^1]}",
            ["HARMONIA_DAEMON_CONFIG"] = ConfigurationPath,
        };

    /// <summary>Starts one.</summary>
    /// <param name="store">What it serves.</param>
    /// <param name="configuration">More lines for its configuration.</param>
    /// <param name="launcher">A program and its arguments that becomes the daemon, which it finds behind them, in a process with other limits.</param>
    public static async Task<HarmoniaDaemon> StartAsync(RealNixStore store, string configuration = "", params string[] launcher)
    {
        HarmoniaDaemon daemon = new(store, configuration, [.. launcher, HarmoniaProgram.Path("harmonia-daemon")]);
        await daemon.StartAsync();
        return daemon;
    }

    /// <summary>Starts the native program.</summary>
    public static async Task<HarmoniaDaemon> StartPublishedAsync(RealNixStore store, string configuration = "")
    {
        HarmoniaDaemon daemon = new(store, configuration, HarmoniaProgram.PublishedPath("harmonia-daemon"));
        await daemon.StartAsync();
        return daemon;
    }

    /// <summary>Starts it, also again after it was killed, on the same socket.</summary>
    public async Task StartAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        _program = await HarmoniaProgram.StartAsync(
            _command[0], [.. _command[1..], "--config", ConfigurationPath], () => Task.FromResult(Accepts()), _store.Environment);
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        _directory.Dispose();
    }

    private bool Accepts()
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
