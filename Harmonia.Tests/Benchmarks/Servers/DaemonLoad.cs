using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Benchmarks.Servers;

/// <summary>
/// A client that keeps a daemon busy for <c>./bench.sh daemon</c>, and prints what it cost: CPU µs of the daemon for each request, requests
/// per second, the median time of one and that of the slowest hundredth in µs.
/// </summary>
internal sealed class DaemonLoad(string socketPath, int process, IReadOnlyList<StorePath> paths, TimeSpan duration)
{
    private const int WarmUps = 200;
    private const int Batch = 128;

    private readonly DaemonConnector _connector = new(new DaemonConnectorOptions { SocketPath = socketPath });
    private readonly ProcessTreeClock _clock = new(process);
    private readonly List<TimeSpan> _times = [];

    /// <summary>Runs <c>SOCKET PROCESS FILE-OF-PATHS SECONDS WORK</c>.</summary>
    public static async Task RunAsync(string[] arguments)
    {
        StorePath[] paths = [.. File.ReadLines(arguments[2]).Select(static text => StoreDirectory.Default.ParsePath(text))];
        DaemonLoad load = new(
            arguments[0],
            int.Parse(arguments[1], CultureInfo.InvariantCulture),
            paths,
            TimeSpan.FromSeconds(double.Parse(arguments[3], CultureInfo.InvariantCulture)));
        await (arguments[4] switch
        {
            "round-trips" => load.QueryPathInfosAsync(1),
            "pipelined" => load.QueryPathInfosAsync(Batch),
            "connect" => load.ConnectAsync(),
            "valid-paths" => load.ValidPathsAsync(),
            "idle" => load.IdleAsync(int.Parse(arguments[5], CultureInfo.InvariantCulture)),
            _ => throw new ArgumentException($"No such work: {arguments[4]}", nameof(arguments)),
        });
    }

    private async Task ValidPathsAsync()
    {
        using DaemonClient client = await _connector.ConnectAsync(CancellationToken.None);
        await MeasureAsync(1, 1, async () =>
        {
            IReadOnlyList<StorePath> valid = await client.Connection.RequestAsync(
                Operation.QueryValidPaths,
                new QueryValidPathsRequest { Paths = paths, Substitute = false },
                QueryValidPathsRequestCodec.Write,
                StorePathCodec.ReadSetAsync,
                CancellationToken.None);
            if (valid.Count != paths.Count)
                throw new InvalidDataException($"Only {valid.Count} of {paths.Count} paths are valid.");
        });
    }

    /// <summary>The time of those who connect is that of the handshake; the cost includes the end of the connection.</summary>
    private async Task ConnectAsync() => await MeasureAsync(1, 1, async () =>
                                              {
                                                  using DaemonClient client = await _connector.ConnectAsync(CancellationToken.None);
                                              }, servesConnection: false);

    /// <summary>Some requests are sent at once, then all replies are read. The times are those of all together.</summary>
    private async Task QueryPathInfosAsync(int batch)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
        await using BlockingStream stream = new(socket);
        using WireReader reader = new(stream);
        using WireWriter writer = new(stream);
        HandshakeResult peer = await ClientHandshake.RunAsync(reader, writer, new ClientHandshakeOptions(), CancellationToken.None);
        MessageContext context = new() { StoreDirectory = StoreDirectory.Default, Version = peer.Version, Features = peer.Features };
        int next = 0;
        await MeasureAsync(WarmUps, batch, async () =>
        {
            for (int n = 0; n < batch; n++)
            {
                writer.WriteUInt64((ulong)Operation.QueryPathInfo);
                StorePathCodec.Write(writer, context, paths[next++ % paths.Count]);
            }

            await writer.FlushAsync(CancellationToken.None);
            for (int n = 0; n < batch; n++)
            {
                reader.BeginMessage(WireLimits.Reply);
                StderrMessage message = await StderrCodec.ReadAsync(reader, context.Version, CancellationToken.None);
                if (message is not StderrMessage.Last)
                    throw new InvalidDataException($"The daemon says {message}.");
                Require(await UnkeyedValidPathInfoCodec.ReadOptionalAsync(reader, context, CancellationToken.None));
            }
        });
    }

    /// <summary>Holds connections until standard input ends.</summary>
    private async Task IdleAsync(int count)
    {
        List<DaemonClient> clients = new();
        for (int n = 0; n < count; n++)
            clients.Add(await _connector.ConnectAsync(CancellationToken.None));
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        foreach (DaemonClient client in clients)
            client.Dispose();
    }

    private static void Require(UnkeyedValidPathInfo? info)
    {
        if (info is null)
            throw new InvalidDataException("A path that was asked for is not valid.");
    }

    private async Task MeasureAsync(int warmUps, int requests, Func<Task> work, bool servesConnection = true)
    {
        for (int n = 0; n < warmUps; n++)
            await work();
        TimeSpan before = _clock.Read(servesConnection);
        Stopwatch all = Stopwatch.StartNew();
        do
        {
            long started = Stopwatch.GetTimestamp();
            await work();
            _times.Add(Stopwatch.GetElapsedTime(started));
        }
        while (all.Elapsed < duration);
        all.Stop();
        TimeSpan cost = _clock.Read(servesConnection) - before;
        _times.Sort();
        double count = (double)_times.Count * requests;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{cost.TotalMicroseconds / count:F3} {count / all.Elapsed.TotalSeconds:F1} {At(0.5):F1} {At(0.99):F1}"));
    }

    private double At(double part) => _times[(int)(part * (_times.Count - 1))].TotalMicroseconds;
}
