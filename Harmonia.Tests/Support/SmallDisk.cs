using System.Diagnostics;

namespace Harmonia.Tests.Support;

/// <summary>A file system of its own that is full after some bytes.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly TemporaryDirectory _mountPoint = new();

    public SmallDisk(long bytes) => Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "harmonia-test", Path);

    public string Path => _mountPoint.Path;

    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        _mountPoint.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
