namespace Harmonia.Benchmarks.Servers;

/// <summary>Where everything lies.</summary>
internal sealed class Workspace
{
    private const string Solution = "Harmonia.sln";

    private Workspace(string home, string repository, string? programs)
    {
        (Home, Repository) = (home, repository);
        Run = Path.Combine(repository, "artifacts/bench");
        PublishedPrograms = programs;
    }

    /// <summary>What is made once: the store and the files that nginx serves.</summary>
    public string Home { get; }

    /// <summary>What belongs to one run: programs, sockets, configurations, logs.</summary>
    public string Run { get; }

    /// <summary>The working copy.</summary>
    public string Repository { get; }

    /// <summary>The programs to measure where they need not be published first.</summary>
    public string? PublishedPrograms { get; }

    /// <summary>The store's files.</summary>
    public string Store => Path.Combine(Home, "root/nix/store");

    /// <summary>The store's state, with the database.</summary>
    public string State => Path.Combine(Home, "root/nix/var/nix");

    /// <summary>The same state before the generated paths were added to the database: all paths are Nix's own.</summary>
    public string NixState => Path.Combine(Home, "nix-state");

    /// <summary>The root of nginx.</summary>
    public string StaticFiles => Path.Combine(Home, "www");

    /// <summary>A program of ours.</summary>
    public string Program(string name) => Path.Combine(PublishedPrograms ?? Path.Combine(Run, "programs"), name);

    /// <summary>A file that lies beside this program: a script of wrk, an expression of Nix.</summary>
    public static string Asset(string file) => Path.Combine(AppContext.BaseDirectory, "Servers", file);

    /// <summary>A new, empty directory of this run.</summary>
    public string NewDirectory(string name)
    {
        string directory = Path.Combine(Run, name);
        WritableTree.Delete(directory);
        return Directory.CreateDirectory(directory).FullName;
    }

    public static Workspace FromEnvironment() => new(
        Variable("HARMONIA_BENCH_DIR") is { } home ? Path.GetFullPath(home) : "/var/cache/harmonia-bench",
        FindRepository(),
        Variable("HARMONIA_PROGRAMS") is { } programs ? Path.GetFullPath(programs) : null);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
                return folder.FullName;
        }

        throw new BenchmarkException($"{Solution} is in no folder above {AppContext.BaseDirectory}.");
    }
}
