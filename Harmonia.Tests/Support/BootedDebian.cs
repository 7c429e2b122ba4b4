using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;

namespace Harmonia.Tests.Support;

/// <summary>
/// A Debian with systemd as PID 1, in which our native programs can be installed. It is booted for one script and leaves nothing behind.
/// ./test.sh makes the Debian once, in the folder that <c>HARMONIA_DEBIAN</c> names. Needs root.
/// </summary>
public sealed class BootedDebian : IDisposable
{
    private const string Scripts = "Harmonia.Tests/Native/Booted";

    // The script of a unit has its own limit of 300 s.
    private const string Limit = "400";

    private readonly TemporaryDirectory _directory = new();

    /// <summary>Has what all scripts share, and nothing of ours yet.</summary>
    public BootedDebian()
    {
        Install(Repository.PathOf($"{Scripts}/common.sh"), "test/common");
        Write("test/variables", $"new_nix={NixRelease.Forky.Binaries}\n");
    }

    /// <summary>Where a file lies before the boot.</summary>
    public string this[string path] => _directory[$"payload/{path}"];

    /// <summary>Puts the programs where they belong, and no units.</summary>
    public void InstallPrograms()
    {
        string programs = Path.GetDirectoryName(HarmoniaProgram.PublishedPath("harmonia-daemon"))!;
        foreach (string name in (string[])["harmonia-daemon", "harmonia-cache"])
        {
            Install(HarmoniaProgram.PublishedPath(name), $"usr/lib/harmonia/{name}");
            Directory.CreateDirectory(this["usr/bin"]);
            File.CreateSymbolicLink(this[$"usr/bin/{name}"], $"../lib/harmonia/{name}");
        }

        foreach (string library in Directory.GetFiles(programs, "*.so"))
            Install(library, $"usr/lib/harmonia/{Path.GetFileName(library)}");
    }

    /// <summary>What the scripts printed.</summary>
    public string Log => File.ReadAllText(_directory["results/log"]);

    private static string Root
    {
        get
        {
            string folder = Environment.GetEnvironmentVariable("HARMONIA_DEBIAN") is { Length: > 0 } named ? named : "/var/cache/harmonia-debian";
            string root = Path.Combine(folder, "bookworm");
            return Directory.Exists(root)
                ? root
                : throw new DirectoryNotFoundException($"{root} is missing: .ci/debian-root.sh makes it, and ./test.sh runs that.");
        }
    }

    /// <summary>Copies a file of this machine.</summary>
    /// <param name="source">The file.</param>
    /// <param name="path">Its path in the Debian, without the slash at the beginning.</param>
    public void Install(string source, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.Copy(source, this[path]);
    }

    /// <summary>Copies a folder of the repository.</summary>
    public void InstallFolder(string folder, string path)
    {
        string source = Repository.PathOf(folder);
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
            Install(file, Path.Combine(path, Path.GetRelativePath(source, file)));
    }

    /// <summary>Adds lines to a file.</summary>
    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.AppendAllText(this[path], text);
    }

    /// <summary>Runs a script before the boot and one after it. Says on a line of the test's output how long both took.</summary>
    /// <returns>0 if both succeeded.</returns>
    public async Task<int> RunAsync(string prepare, string script)
    {
        Install(Repository.PathOf($"{Scripts}/{prepare}"), "test/prepare");
        Install(Repository.PathOf($"{Scripts}/{script}"), "test/script");
        Directory.CreateDirectory(_directory["results"]);
        Directory.CreateDirectory(_directory["work"]);
        await File.WriteAllTextAsync(_directory["results/log"], "");
        string clients = Path.GetFullPath(Path.Combine(NixRelease.Forky.Binaries, "../../.."));
        long start = Stopwatch.GetTimestamp();
        CommandResult result = await Command.TryRunAsync(
            "unshare",
            [
                "--mount", "timeout", "--kill-after=10", Limit, "bash", Repository.PathOf($"{Scripts}/boot.sh"),
                Root, _directory["work"], _directory["payload"], _directory["results"], $"--bind-ro={clients}",
            ]);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await TestContext.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"Debian booted for {script}, and was gone after {seconds:F1} s."));
        if (result.ExitCode != 0)
            File.AppendAllText(_directory["results/log"], result.Errors);
        return result.ExitCode;
    }

    public void Dispose() => _directory.Dispose();
}
