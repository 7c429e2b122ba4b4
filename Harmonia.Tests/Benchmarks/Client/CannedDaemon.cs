using System.Net.Sockets;
using System.Security.Cryptography;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Benchmarks.Client;

/// <summary>The cheapest possible daemon: a blocking thread for each connection sends the same bytes for each request.</summary>
internal sealed class CannedDaemon : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("harmonia-benchmark-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _reply;

    public CannedDaemon(byte[] reply)
    {
        _reply = reply;
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public string SocketPath => Path.Combine(_directory.FullName, "socket");

    /// <summary>The reply to a QueryPathInfo for a path with five references and a signature.</summary>
    public static byte[] PathInfoReply()
    {
        StorePath[] references =
            [.. "01234".Select(digit => StorePath.Parse($"{new string(digit, StorePathHash.Length)}-some-package-1.2.3"))];
        UnkeyedValidPathInfo info = new()
        {
            Deriver = StorePath.Parse($"{new string('5', StorePathHash.Length)}-some-package-1.2.3.drv"),
            NarHash = NarHash.FromBytes(SHA256.HashData([])),
            NarSize = 12345,
            References = references,
            Signatures = [$"cache.example.org-1:{Convert.ToBase64String(new byte[64])}"],
        };
        MessageContext context = new() { StoreDirectory = StoreDirectory.Default, Version = ProtocolVersion.Current };
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);
        StderrCodec.Write(writer, context.Version, StderrMessage.Last.Instance);
        UnkeyedValidPathInfoCodec.WriteOptional(writer, context, info);
        writer.FlushAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return stream.ToArray();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _directory.Delete(recursive: true);
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket socket = _listener.Accept();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private void Serve(Socket socket)
    {
        using NetworkStream stream = new(socket, ownsSocket: true);
        ServerHandshakeOptions options = new() { NixVersion = "2.34.8", Trust = Trust.NotTrusted };
        ServerHandshake.RunAsync(new WireReader(stream), new WireWriter(stream), options, CancellationToken.None).GetAwaiter().GetResult();
        socket.Blocking = true;
        byte[] request = new byte[4096];
        while (socket.Receive(request) > 0)
            socket.Send(_reply);
    }
}
