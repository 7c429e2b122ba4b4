using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Harmonia.Tests.Support;

/// <summary>A real nix-daemon serving a <see cref="RealNixStore"/> on a socket of its own. The store outlives it.</summary>
public sealed class RealNixDaemon : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private readonly RealNixStore _store;
    private readonly NixRelease _release;
    private readonly StringBuilder _log = new();
    private Process? _process;

    private RealNixDaemon(RealNixStore store, NixRelease release) => (_store, _release) = (store, release);

    public string SocketPath => $"{_store.Root}/daemon.socket";

    /// <summary>Variables that make any of Nix's programs talk to this daemon.</summary>
    public IReadOnlyDictionary<string, string?> ClientEnvironment =>
        new Dictionary<string, string?>(_store.Environment) { ["NIX_REMOTE"] = $"unix://{SocketPath}{_store.ClientParameters}" };

    /// <summary>What the daemon wrote to its standard error so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Returns when the daemon accepts connections.</summary>
    /// <param name="store">What it serves.</param>
    /// <param name="release">Which Nix; the store's own when null.</param>
    public static RealNixDaemon Start(RealNixStore store, NixRelease? release = null)
    {
        RealNixDaemon daemon = new(store, release ?? store.Release);
        daemon.Start();
        return daemon;
    }

    /// <summary>Starts it again after <see cref="Kill"/>, on the same socket.</summary>
    public void Start()
    {
        ProcessStartInfo start = new(_release.Program("nix-daemon"))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in _store.Environment)
            start.Environment[name] = value;

        start.Environment["NIX_DAEMON_SOCKET_PATH"] = SocketPath;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _process.OutputDataReceived += Append;
        _process.ErrorDataReceived += Append;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (!SpinWait.SpinUntil(() => _process.HasExited || Accepts(), StartTimeout) || _process.HasExited)
        {
            Kill();
            throw new InvalidOperationException($"nix-daemon {_release} did not start:\n{Log}");
        }
    }

    /// <summary>Ends the daemon and, with it, the process it forked for each connection.</summary>
    public void Kill()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }

    public void Dispose() => Kill();

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

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.AppendLine(line.Data);
        }
    }
}
