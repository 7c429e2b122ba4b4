using System.Net;
using System.Net.Sockets;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Systemd;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// The sockets the cache listens on, bound before the server is built, so that an address in use is one sentence and not a stack trace.
/// The server takes them one by one; what it has not taken is closed here.
/// </summary>
public sealed class Listeners : IDisposable
{
    private readonly List<Socket> _waiting;

    private Listeners(List<Socket> sockets)
    {
        _waiting = sockets;
        EndPoints = [.. sockets.Select(socket => socket.LocalEndPoint!)];
    }

    /// <summary>Where the sockets are bound; a port of 0 has become the one that the system chose.</summary>
    public IReadOnlyList<EndPoint> EndPoints { get; }

    /// <summary>Binds; a name is bound on every address it has on this machine.</summary>
    /// <exception cref="ListenException">One of them can't be bound.</exception>
    public static Listeners Bind(IReadOnlyList<ListenAddress> addresses, UnixFileMode unixSocketMode)
    {
        List<Socket> sockets = new();
        try
        {
            foreach (ListenAddress address in addresses)
                sockets.AddRange(Bind(address, unixSocketMode));
            return new Listeners(sockets);
        }
        catch (ListenException)
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }
    }

    /// <summary>Where the sockets for <c>/metrics</c> alone are bound.</summary>
    public IReadOnlyList<EndPoint> MetricsEndPoints { get; private set; } = [];

    /// <summary>Binds the address for <c>/metrics</c>.</summary>
    /// <exception cref="ListenException">It can't be bound.</exception>
    public void BindMetrics(ListenAddress address, UnixFileMode unixSocketMode) => AddMetrics(Bind(address, unixSocketMode));

    /// <summary>Takes the sockets that systemd bound.</summary>
    public static Listeners Of(IEnumerable<InheritedSocket> inherited) => new([.. inherited.Select(one => one.Socket)]);

    /// <summary>Takes sockets that systemd bound for <c>/metrics</c>.</summary>
    public void TakeMetrics(IEnumerable<InheritedSocket> inherited) => AddMetrics([.. inherited.Select(one => one.Socket)]);

    /// <summary>Gives a bound socket to the server.</summary>
    public Socket Take(EndPoint endPoint)
    {
        int index = _waiting.FindIndex(socket => endPoint.Equals(socket.LocalEndPoint));
        if (index < 0)
            throw new InvalidOperationException($"No socket is bound to {endPoint}, or it has been taken.");
        Socket socket = _waiting[index];
        _waiting.RemoveAt(index);
        return socket;
    }

    public void Dispose()
    {
        foreach (Socket socket in _waiting)
            socket.Dispose();
        _waiting.Clear();
    }

    private void AddMetrics(List<Socket> sockets)
    {
        _waiting.AddRange(sockets);
        MetricsEndPoints = [.. sockets.Select(socket => socket.LocalEndPoint!)];
    }

    private static List<Socket> Bind(ListenAddress address, UnixFileMode unixSocketMode) => address switch
    {
        ListenAddress.Unix unix => [UnixSocketFile.Bind(unix.Path, unixSocketMode)],
        ListenAddress.Tcp tcp => BindTcp(tcp),
        _ => throw new ArgumentOutOfRangeException(nameof(address)),
    };

    private static List<Socket> BindTcp(ListenAddress.Tcp tcp)
    {
        List<Socket> sockets = new();
        SocketException? failure = null;
        try
        {
            foreach (IPAddress address in Resolve(tcp.Host))
            {
                try
                {
                    sockets.Add(BindTcp(new IPEndPoint(address, tcp.Port)));
                }
                catch (SocketException exception) when (IsAbsent(exception.SocketErrorCode))
                {
                    failure = exception;
                }
            }

            return sockets.Count > 0 || failure is null ? sockets : throw failure;
        }
        catch (SocketException exception)
        {
            foreach (Socket socket in sockets)
                socket.Dispose();
            throw new ListenException(tcp.ToString(), exception.Message);
        }
    }

    // A name can have addresses that this machine does not have: /etc/hosts names ::1 even where there is no IPv6.
    private static bool IsAbsent(SocketError error) => error is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;

    private static Socket BindTcp(IPEndPoint endPoint)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // [::] means IPv4 as well, as it does for other programs unless bindv6only is set.
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(endPoint);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static IEnumerable<IPAddress> Resolve(string host)
    {
        if (!IPAddress.TryParse(host, out IPAddress? address))
            return Dns.GetHostAddresses(host).Distinct();
        // The default address must work on machines without IPv6 too.
        return [address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? IPAddress.Any : address];
    }
}
