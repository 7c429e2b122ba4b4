using System.Diagnostics;

namespace Harmonia.Tests.Support;

/// <summary>A file system that is full after some bytes.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly TemporaryDirectory? _own;

    /// <summary>Mounts one.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="mountPoint">Where; null for a folder of its own.</param>
    public SmallDisk(long bytes, string? mountPoint = null)
    {
        _own = mountPoint is null ? new TemporaryDirectory() : null;
        Path = mountPoint ?? _own!.Path;
        Run("mount", "-t", "tmpfs", "-o", $"size={bytes},mode=0755", "harmonia-test", Path);
    }

    public string Path { get; }

    /// <summary>Fills it but for some bytes.</summary>
    public void Fill(long left)
    {
        using FileStream ballast = File.Create(Ballast);
        byte[] zeros = new byte[4096];
        for (long bytes = new DriveInfo(Path).AvailableFreeSpace - left; bytes > 0; bytes -= zeros.Length)
            ballast.Write(zeros);
    }

    /// <summary>Undoes <see cref="Fill"/>.</summary>
    public void Empty() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        _own?.Dispose();
    }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
