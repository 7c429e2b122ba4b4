using System.Net.Sockets;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Daemon;

/// <summary>A client that sends single messages to the daemon, in any version of the protocol.</summary>
internal sealed class SessionClient : IDisposable
{
    private NetworkStream? _connection;

    private SessionClient(WireReader reader, WireWriter writer, HandshakeResult handshake, StoreDirectory directory)
    {
        Reader = reader;
        Writer = writer;
        Handshake = handshake;
        Context = new MessageContext { StoreDirectory = directory, Version = handshake.Version, Features = handshake.Features };
    }

    public WireReader Reader { get; }

    public WireWriter Writer { get; }

    public HandshakeResult Handshake { get; }

    public MessageContext Context { get; }

    /// <summary>The lines for the user that came with the last answer.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The activity messages that came with the last answer.</summary>
    public List<StderrMessage> Activities { get; } = [];

    /// <summary>The data that came with the last answer.</summary>
    public MemoryStream Data { get; } = new();

    public static async Task<SessionClient> ConnectAsync(
        Stream fromDaemon, Stream toDaemon, byte minor = 38, IEnumerable<string>? features = null, StoreDirectory? directory = null)
    {
        WireReader reader = new(fromDaemon);
        WireWriter writer = new(toDaemon);
        ClientHandshakeOptions options = new() { Version = new ProtocolVersion(1, minor), Features = new FeatureSet(features ?? []) };
        HandshakeResult handshake = await ClientHandshake.RunAsync(reader, writer, options, default).InTime();
        return new SessionClient(reader, writer, handshake, directory ?? StoreDirectory.Default);
    }

    /// <summary>Connects to a daemon of another process.</summary>
    public static async Task<SessionClient> ConnectAsync(string socketPath, byte minor)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        NetworkStream? stream = null;
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath)).InTime();
            stream = new NetworkStream(socket, ownsSocket: true);
            SessionClient client = await ConnectAsync(stream, stream, minor);
            client._connection = stream;
            return client;
        }
        catch
        {
            stream?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and returns when its reply is next.</summary>
    /// <exception cref="RemoteErrorException">The daemon said no.</exception>
    public async Task AskAsync(Operation operation, Action<WireWriter, MessageContext>? write = null)
    {
        Writer.WriteUInt64((uint)operation);
        write?.Invoke(Writer, Context);
        await Writer.FlushAsync(default).AsTask().InTime();
        await ReadVerdictAsync();
    }

    /// <summary>Sends a request about one path and returns when its reply is next.</summary>
    public Task AskAsync(Operation operation, StorePath path) =>
        AskAsync(operation, (writer, context) => StorePathCodec.Write(writer, context, path));

    /// <summary>Asks whether a path is valid, which shows that the connection works.</summary>
    public async Task<bool> IsValidPathAsync(StorePath path)
    {
        await AskAsync(Operation.IsValidPath, path);
        return await Reader.ReadBoolAsync(default).AsTask().InTime();
    }

    /// <summary>Whether the daemon has closed the connection, with nothing left to be read.</summary>
    public async Task<bool> IsClosedAsync() => !await Reader.WaitForDataAsync(default).AsTask().InTime();

    public Task ReadVerdictAsync() => UploadPulledAsync(ReadOnlyMemory<byte>.Empty);

    /// <summary>Sends data block by block as the daemon asks for it, and returns when the reply is next.</summary>
    /// <exception cref="RemoteErrorException">The daemon said no.</exception>
    public async Task UploadPulledAsync(ReadOnlyMemory<byte> data)
    {
        const int MaxBlockSize = 50;
        Lines.Clear();
        Activities.Clear();
        Data.SetLength(0);
        while (true)
        {
            switch (await StderrCodec.ReadAsync(Reader, Context.Version, default).AsTask().InTime())
            {
                case StderrMessage.Last:
                    return;
                case StderrMessage.Failure failure:
                    throw new RemoteErrorException(failure.Error);
                case StderrMessage.Next line:
                    Lines.Add(line.Text);
                    break;
                case StderrMessage.Read read:
                    ReadOnlyMemory<byte> block = data[..(int)Math.Min(Math.Min(read.Count, MaxBlockSize), (ulong)data.Length)];
                    data = data[block.Length..];
                    Writer.WriteBytes(block.Span);
                    await Writer.FlushAsync(default).AsTask().InTime();
                    break;
                case StderrMessage.Write write:
                    Data.Write(write.Data.Span);
                    break;
                case StderrMessage message:
                    Activities.Add(message);
                    break;
            }
        }
    }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
        _connection?.Dispose();
    }
}
