using System.Diagnostics;
using System.Net.Sockets;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Benchmarks.Servers.Load;

/// <summary>A client that keeps a daemon busy for some time, with requests of one kind on one connection at a time.</summary>
/// <param name="daemon">Whose CPU time counts.</param>
/// <param name="paths">Valid paths to ask for.</param>
internal sealed class DaemonLoad(string socketPath, ProcessTree daemon, IReadOnlyList<StorePath> paths, TimeSpan duration)
{
    private const int WarmUps = 200;
    private const int Batch = 128;

    private readonly DaemonConnector _connector = new(new DaemonConnectorOptions { SocketPath = socketPath });

    /// <summary>QueryPathInfo, one at a time.</summary>
    public Task<Measurement> RoundTripsAsync() => QueryPathInfosAsync(1);

    /// <summary>QueryPathInfo, 128 at a time.</summary>
    public Task<Measurement> PipelinedAsync() => QueryPathInfosAsync(Batch);

    /// <summary>The time of those who connect is that of the handshake; the cost includes the end of the connection.</summary>
    public Task<Measurement> ConnectAsync() => MeasureAsync(1, 1, async () =>
    {
        using DaemonClient client = await _connector.ConnectAsync(CancellationToken.None);
    }, () =>
    {
        daemon.AwaitChildren();
        return daemon.CpuTime;
    });

    /// <summary>QueryValidPaths of all paths.</summary>
    public async Task<Measurement> ValidPathsAsync()
    {
        using DaemonClient client = await _connector.ConnectAsync(CancellationToken.None);
        return await MeasureAsync(1, 1, async () =>
        {
            IReadOnlyList<StorePath> valid = await client.Connection.RequestAsync(
                Operation.QueryValidPaths,
                paths,
                static (writer, context, paths) =>
                {
                    StorePathCodec.WriteSet(writer, context, paths);
                    writer.WriteBool(false);
                },
                StorePathCodec.ReadSetAsync,
                CancellationToken.None);
            if (valid.Count != paths.Count)
                throw new BenchmarkException($"Only {valid.Count} of {paths.Count} paths are valid.");
        }, () => daemon.CpuTime);
    }

    /// <summary>Some requests are sent at once, then all replies are read. The times are those of all together.</summary>
    private async Task<Measurement> QueryPathInfosAsync(int batch)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
        await using BlockingStream stream = new(socket);
        using WireReader reader = new(stream);
        using WireWriter writer = new(stream);
        HandshakeResult peer = await ClientHandshake.RunAsync(reader, writer, new ClientHandshakeOptions(), CancellationToken.None);
        MessageContext context = new() { StoreDirectory = StoreDirectory.Default, Version = peer.Version, Features = peer.Features };
        int next = 0;
        return await MeasureAsync(WarmUps, batch, async () =>
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
                    throw new BenchmarkException($"The daemon says {message}.");
                Require(await UnkeyedValidPathInfoCodec.ReadOptionalAsync(reader, context, CancellationToken.None));
            }
        }, () => daemon.CpuTime);
    }

    private static void Require(UnkeyedValidPathInfo? info)
    {
        if (info is null)
            throw new BenchmarkException("A path that was asked for is not valid.");
    }

    private async Task<Measurement> MeasureAsync(int warmUps, int requests, Func<Task> work, Func<TimeSpan> cpuTime)
    {
        for (int n = 0; n < warmUps; n++)
            await work();
        List<double> times = [];
        TimeSpan before = cpuTime();
        long start = Stopwatch.GetTimestamp();
        TimeSpan wall;
        do
        {
            long started = Stopwatch.GetTimestamp();
            await work();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            wall = Stopwatch.GetElapsedTime(start);
        }
        while (wall < duration);
        TimeSpan cost = cpuTime() - before;
        times.Sort();
        return Measurement.OfRequests((long)times.Count * requests, cost, wall, At(times, 0.5), At(times, 0.99));
    }

    private static double At(List<double> sorted, double part) => sorted[(int)(part * (sorted.Count - 1))];
}
