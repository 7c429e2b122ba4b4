using BenchmarkDotNet.Attributes;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Client;

/// <summary>
/// What a question to a daemon costs on our side: a QueryPathInfo on a connection of one's own and through the pool, by callers that ask
/// one after the other. The daemon's side is <see cref="CannedDaemon"/>, on the same processors.
/// </summary>
[MemoryDiagnoser]
public class DaemonPoolBenchmarks
{
    private const int Questions = 1024;

    private static readonly StorePath Path = StorePath.Parse($"{new string('0', StorePathHash.Length)}-some-package-1.2.3");

    private CannedDaemon _daemon = null!;
    private DaemonClient _client = null!;
    private DaemonPool _pool = null!;

    [GlobalSetup]
    public async Task OpenAsync()
    {
        _daemon = new CannedDaemon(CannedDaemon.PathInfoReply());
        DaemonConnector connector = new(new DaemonConnectorOptions { SocketPath = _daemon.SocketPath });
        _client = await connector.ConnectAsync(CancellationToken.None);
        _pool = new DaemonPool(connector, new DaemonPoolOptions { MaxConnections = 16 });
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        _client.Dispose();
        await _pool.DisposeAsync();
        _daemon.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Questions)]
    public async Task One_caller_with_a_connection()
    {
        for (int n = 0; n < Questions; n++)
            await _client.QueryPathInfoAsync(Path, CancellationToken.None);
    }

    [Benchmark(OperationsPerInvoke = Questions)]
    public Task One_caller_with_the_pool() => AskAsync(Questions);

    [Benchmark(OperationsPerInvoke = Questions)]
    public Task Sixteen_callers_with_the_pool() =>
        Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => AskAsync(Questions / 16))));

    private async Task AskAsync(int questions)
    {
        for (int n = 0; n < questions; n++)
            await _pool.RunAsync((client, token) => client.QueryPathInfoAsync(Path, token), CancellationToken.None);
    }
}
