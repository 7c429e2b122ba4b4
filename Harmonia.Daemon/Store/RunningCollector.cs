using System.Net.Sockets;
using System.Text;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>
/// Tells a running garbage collector, of Nix or of this daemon, which paths to keep. All tasks share one connection, as in Nix: its
/// collectors up to 2.36 crash when many connections close at once. Nix: src/libstore/gc.cc, LocalStore::addTempRoot.
/// </summary>
internal sealed class RunningCollector(string stateDirectory, StoreDirectory directory) : IDisposable
{
    private const byte Acknowledgement = (byte)'1';

    private readonly string _path = Path.Combine(stateDirectory, "gc-socket", "socket");
    private readonly SemaphoreSlim _turn = new(1);
    private Socket? _socket;

    /// <summary>True if a collector has confirmed that it keeps the path; false if none is running.</summary>
    public async Task<bool> TryTellAsync(StorePath path, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        bool isKept = false;
        try
        {
            isKept = await TellAsync(path, cancellationToken);
            return isKept;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (SystemCallException exception) when (exception.ErrorNumber == Errno.NoEntry)
        {
            return false;
        }
        finally
        {
            if (!isKept)
            {
                _socket?.Dispose();
                _socket = null;
            }

            _turn.Release();
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _turn.Dispose();
    }

    private async Task<bool> TellAsync(StorePath path, CancellationToken cancellationToken)
    {
        if (_socket is null)
        {
            using UnixSocketAddress address = UnixSocketAddress.Of(_path);
            _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await _socket.ConnectAsync(address.EndPoint, cancellationToken);
        }

        // The kernel never sends a short line in parts if the send buffer is empty.
        _ = await _socket.SendAsync(Encoding.UTF8.GetBytes(directory.Print(path) + '\n'), cancellationToken);
        byte[] answer = new byte[1];
        return await _socket.ReceiveAsync(answer, cancellationToken) == 1 && answer[0] == Acknowledgement;
    }
}
