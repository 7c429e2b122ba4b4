using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Works;

namespace Harmonia.Benchmarks.Servers.Commands;

/// <summary>Measures a suite and prints its tables.</summary>
internal static class SuiteRun
{
    private const int Failure = 1;
    private const int Interrupted = 130;

    /// <summary>Returns the exit code. What was measured before a failure is printed too.</summary>
    public static async Task<int> RunAsync(Options options, Func<Session, Suite> create, CancellationToken cancellationToken)
    {
        try
        {
            Session session = new(options);
            await using Suite suite = create(session);
            if (options.List)
            {
                foreach (Work work in suite.Works)
                    Console.WriteLine(work.Name);
                return 0;
            }

            IReadOnlyList<Work> wanted = suite.Select(options.Only);
            await PrepareAsync(session, cancellationToken);
            await MeasureAsync(session, suite, wanted, cancellationToken);
            return 0;
        }
        catch (Exception exception) when (exception is BenchmarkException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failure;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }

    private static async Task PrepareAsync(Session session, CancellationToken cancellationToken)
    {
        await RequiredTools.InstallAsync(cancellationToken);
        Directory.CreateDirectory(session.Workspace.Run);
        await session.Store.MakeAsync(cancellationToken);
        if (session.Workspace.PublishedPrograms is not null)
            return;
        Progress.Step("Publishing harmonia-daemon and harmonia-cache ...");
        await Command.LogAsync(
            Path.Combine(session.Workspace.Run, "publish.log"),
            Path.Combine(session.Workspace.Repository, "publish.sh"),
            ["--output", Path.Combine(session.Workspace.Run, "programs")],
            cancellationToken);
    }

    private static async Task MeasureAsync(Session session, Suite suite, IReadOnlyList<Work> works, CancellationToken cancellationToken)
    {
        try
        {
            foreach (Work work in works)
            {
                Progress.Step(work.Name);
                await work.RunAsync(cancellationToken);
            }
        }
        finally
        {
            string tables = new MarkdownReport(suite.Yardstick).Write(session.Results);
            Console.Write(tables);
            if (session.Options.Output is { } file)
                await File.WriteAllTextAsync(file, tables, CancellationToken.None);
        }
    }
}
