using System.Diagnostics;

namespace Harmonia.Tests.Support;

/// <summary>
/// A folder for one test. It is removed with all of its contents, including read-only store paths and names that are not UTF-8.
/// </summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("harmonia-test-").FullName;

    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    public void Dispose()
    {
        // Directory.Delete decodes names and misses those that are not UTF-8. rm needs writable directories, unless root runs it.
        Run("chmod", "-R", "u+rwX", "--", Path);
        Run("rm", "-rf", "--", Path);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
    }

    public override string ToString() => Path;
}
