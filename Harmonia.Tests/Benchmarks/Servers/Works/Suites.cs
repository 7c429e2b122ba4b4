using System.Net;
using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Benchmarks.Servers.Works.Grow;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>What each command of <c>bench.sh</c> measures.</summary>
internal static class Suites
{
    private const double TinyGigabytes = 0.4;

    /// <summary>harmonia-cache with harmonia-daemon against nginx.</summary>
    public static Suite Cache(Session session)
    {
        CacheServers servers = new(session);
        RequestTargets targets = new(session.Store);
        double gigabytes = session.Scale.DownloadedGigabytes;
        double compressed = session.Scale.CompressedGigabytes;
        List<Work> works =
        [
            new RequestWork(session, "narinfo hit", servers.PlainAsync, RequestTargets.SmallNarInfosAsync),
            new RequestWork(session, "narinfo miss, repeated", servers.PlainAsync, RequestTargets.MissesAsync) { Status = HttpStatusCode.NotFound },
            new RequestWork(session, "nix-cache-info", servers.PlainAsync, RequestTargets.CacheInfoAsync),
            new RequestWork(session, "small NAR", servers.PlainAsync, RequestTargets.SmallNarsAsync),
            new RequestWork(session, ".ls of 20,000 files, hot", servers.PlainAsync, targets.ListingAsync),
            new RequestWork(session, "range at 99 % of a 500 MB NAR", servers.PlainAsync, targets.LargeNarAsync)
            {
                Status = HttpStatusCode.PartialContent,
                Header = ("Range", "bytes=495000000-495000999"),
            },
            new RequestWork(session, "new connection for each request", servers.PlainAsync, RequestTargets.SmallNarInfosAsync) { Reconnects = true },
            new DownloadWork(session, "NAR of large binaries", servers.PlainAsync, BenchmarkStore.Binaries, gigabytes),
            new DownloadWork(session, "NAR of one 500 MB file", servers.PlainAsync, BenchmarkStore.RandomBytes, gigabytes),
            new DownloadWork(session, "NAR of 20,000 tiny files", servers.PlainAsync, BenchmarkStore.TinyFiles, TinyGigabytes),
            new RequestWork(session, "narinfo hit over TLS", servers.SecureAsync, RequestTargets.SmallNarInfosAsync),
            new DownloadWork(session, "NAR of large binaries over TLS, HTTP/1.1", servers.SecureAsync, BenchmarkStore.Binaries, gigabytes)
            {
                HttpVersion = "1.1",
            },
            new DownloadWork(session, "NAR of large binaries over TLS, HTTP/2", servers.SecureAsync, BenchmarkStore.Binaries, gigabytes)
            {
                HttpVersion = "2",
            },
            new DownloadWork(session, "zstd made while it is sent: text", servers.CompressingAsync, BenchmarkStore.Text, compressed)
            {
                Arguments = LoadMemory.Zstd,
            },
            new DownloadWork(session, "zstd made while it is sent: binaries", servers.CompressingAsync, BenchmarkStore.Binaries, compressed)
            {
                Arguments = LoadMemory.Zstd,
            },
            new CompressionWork(session, "zstd made to be stored: text", servers, BenchmarkStore.Text),
        ];
        if (!session.Scale.IsQuick)
            works.Add(new CompressionWork(session, "zstd made to be stored: binaries", servers, BenchmarkStore.Binaries));
        works.AddRange([
            new StoredDownloadWork(session, "stored zstd: text", servers, BenchmarkStore.Text),
            new StoredDownloadWork(session, "stored zstd: binaries", servers, BenchmarkStore.Binaries),
            new DumpWork(session, servers),
            new CopyWork(session, servers),
            new MemoryWork(session, servers),
        ]);
        return new Suite(NginxServer.Name, works, servers);
    }

    /// <summary>harmonia-daemon against the real nix-daemon.</summary>
    public static Suite Daemon(Session session)
    {
        DaemonPair pair = new(session);
        return new Suite(
            RunningDaemon.Nix,
            [
                new DaemonLoadWork(session, "QueryPathInfo, one at a time", pair, static load => load.RoundTripsAsync()),
                new DaemonLoadWork(session, "QueryPathInfo, 128 at a time", pair, static load => load.PipelinedAsync()),
                new DaemonLoadWork(session, "connect and handshake", pair, static load => load.ConnectAsync()),
                new DaemonLoadWork(session, "QueryValidPaths of 5,000 paths", pair, static load => load.ValidPathsAsync()),
                new PathInfoWork(session, pair),
                new CollectionWork(session, pair),
                new UploadWork(session, pair),
                new IdleConnectionsWork(session, pair),
            ],
            pair);
    }

    /// <summary>The memory of both of our programs by themselves.</summary>
    public static Suite Memory(Session session) => new("", [new StandaloneMemoryWork(session)]);

    /// <summary>Stores of several sizes.</summary>
    public static Suite Grow(Session session)
    {
        GrownServers servers = new(session);
        List<Work> works = [];
        foreach (int paths in session.Options.Paths ?? session.Scale.GrownPaths)
        {
            works.AddRange([
                new NewNarInfoWork(session, servers, paths, connections: 32),
                new NewNarInfoWork(session, servers, paths, connections: 1),
                new AskedNarInfoWork(session, servers, paths),
                new NewMissWork(session, servers, paths),
                new RestartWork(session, servers, paths),
                new AddingUnderLoadWork(session, servers, paths),
                new DaemonWork(session, servers, paths),
            ]);
        }

        const int Small = GeneratedContents.SmallCount;
        const int Trees = GeneratedContents.TreeCount;
        works.AddRange([
            Files("small NARs of 15,000 paths", 0, 15_000, RequestTargets.NarsAsync),
            Files($"small NARs of {Small:N0} paths", 0, Small, RequestTargets.NarsAsync),
            Files("NARs of 90 KB of 100 paths", Small, Small + 100, RequestTargets.NarsAsync),
            Files($"NARs of 90 KB of {Trees:N0} paths", Small, Small + Trees, RequestTargets.NarsAsync),
            Files(".ls of 40 files of 100 paths", Small, Small + 100, ListingsAsync),
            Files($".ls of 40 files of {Trees:N0} paths", Small, Small + Trees, ListingsAsync),
            new ManyCopiesWork(session, servers),
        ]);
        return new Suite(NginxServer.Name, works, servers);

        RequestWork Files(
            string name, int first, int end, Func<Server, IEnumerable<StorePath>, CancellationToken, Task<IReadOnlyList<string>>> targetsAsync) => new(
            session,
            name,
            servers.WithFilesAsync,
            (server, cancellationToken) => targetsAsync(server, GrownServers.Shuffled(first, end), cancellationToken));

        static Task<IReadOnlyList<string>> ListingsAsync(Server server, IEnumerable<StorePath> paths, CancellationToken cancellationToken) =>
            Task.FromResult(RequestTargets.Listings(paths));
    }

    /// <summary>The start of both of our programs.</summary>
    public static Suite Start(Session session) => new("", [new StartWork(session)]);
}
