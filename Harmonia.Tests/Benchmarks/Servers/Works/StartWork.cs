using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>
/// The time from the start of both programs to the first narinfo, and their CPU time until then. Both start at once, as systemd starts
/// them, and are asked every millisecond.
/// </summary>
internal sealed class StartWork(Session session) : Work("start to first answer")
{
    private const string Title = "start to first answer, both programs, ms";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        HarmoniaFiles files = await HarmoniaServer.ConfigureAsync(session.Workspace, "harmonia-alone", "", cancellationToken);
        byte[] request = Encoding.ASCII.GetBytes($"GET /{session.Store.Large(BenchmarkStore.Text).Hash}.narinfo HTTP/1.1\r\nHost: bench\r\n\r\n");
        for (int round = 0; round <= session.Scale.Starts; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            File.Delete(files.DaemonSocket);
            long start = Stopwatch.GetTimestamp();
            using Process daemon = Process.Start(session.Workspace.Program("harmonia-daemon"), ["--config", files.DaemonConfiguration]);
            using Process cache = Process.Start(session.Workspace.Program("harmonia-cache"), ["--config", files.CacheConfiguration]);
            try
            {
                AwaitAnswer(files.Port, request, start);
                TimeSpan wall = Stopwatch.GetElapsedTime(start);
                TimeSpan cpu = Libc.CpuTimeOf(daemon.Id) + Libc.CpuTimeOf(cache.Id);

                // The first round reads the programs from the disk.
                if (round > 0)
                {
                    session.Results.Add(Title, "wall time", wall.TotalMilliseconds);
                    session.Results.Add(Title, "CPU time", cpu.TotalMilliseconds);
                }
            }
            finally
            {
                await StopAsync(cache);
                await StopAsync(daemon);
            }
        }
    }

    private static void AwaitAnswer(int port, byte[] request, long start)
    {
        while (!Answers(port, request))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new BenchmarkException($"The programs gave no narinfo within {Patience.TotalSeconds} s.");
            Thread.Sleep(1);
        }
    }

    private static bool Answers(int port, byte[] request)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)Patience.TotalMilliseconds };
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            socket.Send(request);
            Span<byte> response = stackalloc byte[64];
            int length = socket.Receive(response);
            return response[..length].StartsWith("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task StopAsync(Process process)
    {
        Libc.Terminate(process.Id);
        await process.WaitForExitAsync();
    }
}
