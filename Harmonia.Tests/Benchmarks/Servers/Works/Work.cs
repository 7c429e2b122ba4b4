namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>Something that servers do, and that is measured.</summary>
/// <param name="name">What <c>--list</c> shows and <c>--only</c> selects.</param>
internal abstract class Work(string name)
{
    public string Name => name;

    /// <summary>Measures it; the results go to the session.</summary>
    /// <exception cref="BenchmarkException">It can't be measured.</exception>
    public abstract Task RunAsync(CancellationToken cancellationToken);
}
