using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Harmonia.Protocol.Systemd;

/// <summary>Tells systemd how the service is doing (sd_notify(3)). Does nothing where systemd does not ask.</summary>
/// <param name="environment">Where systemd listens.</param>
/// <param name="failed">Gets the socket and the reason when a message can't be sent.</param>
public sealed class ServiceNotifier(SystemdEnvironment environment, Action<string, string> failed)
{
    /// <summary>Requests are answered.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    /// <summary>The configuration is read again; <see cref="Ready"/> ends it.</summary>
    public void Reloading()
    {
        // CLOCK_MONOTONIC, of which Stopwatch reads nanoseconds.
        long microseconds = (long)(Stopwatch.GetTimestamp() * 1_000_000.0 / Stopwatch.Frequency);
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}\nSTATUS=Reloading"));
    }

    /// <summary>No further connection is taken.</summary>
    public void Stopping() => Send("STOPPING=1\nSTATUS=Requests under way end");

    /// <summary>The service is alive.</summary>
    public void Alive() => Send("WATCHDOG=1");

    private void Send(string message)
    {
        if (environment.NotifySocket is not { } path)
            return;
        try
        {
            // A leading @ stands for the NUL of an abstract address (unix(7)).
            UnixDomainSocketEndPoint address = new(path[0] == '@' ? '\0' + path[1..] : path);
            using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(message), address);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            failed(path, exception.Message);
        }
    }
}
