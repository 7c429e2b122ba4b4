using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Finds the paths that running processes use: their programs, working directories, open and mapped files and environments, and the
/// programs that the kernel may start. Nix: src/libstore/local-gc.cc, findRuntimeRootsUnchecked.
/// </summary>
internal sealed class RuntimeRoots(StorePathFinder paths)
{
    private readonly RootSet _roots = new();

    /// <summary>
    /// Finds all runtime roots of valid and invalid paths. Skips what this process may not read and what has gone meanwhile.
    /// </summary>
    public RootSet Find(CancellationToken cancellationToken)
    {
        using DirectoryHandle? processes = DirectoryHandle.Find("/proc"u8);
        foreach (byte[] name in processes?.List() ?? [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!name.AsSpan().ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                AddProcess(processes!, name);
            }
        }

        using DirectoryHandle? kernel = DirectoryHandle.Find("/proc/sys/kernel"u8);
        foreach (string name in (ReadOnlySpan<string>)["modprobe", "fbsplash", "poweroff_cmd"])
        {
            Add(kernel?.FindFile(Encoding.ASCII.GetBytes(name)), $"/proc/sys/kernel/{name}");
        }

        return _roots;
    }

    private void AddProcess(DirectoryHandle processes, byte[] name)
    {
        string path = $"/proc/{Encoding.ASCII.GetString(name)}";
        try
        {
            using DirectoryHandle? process = processes.FindDirectory(name);
            Add(process?.FindLink("exe"u8), $"{path}/exe");
            Add(process?.FindLink("cwd"u8), $"{path}/cwd");
            using DirectoryHandle? files = process?.FindDirectory("fd"u8);
            foreach (byte[] file in files?.List() ?? [])
            {
                Add(files!.FindLink(file), $"{path}/fd/{Encoding.ASCII.GetString(file)}");
            }

            foreach (StorePath mapped in paths.FindAtLineEnds(process?.FindFile("maps"u8)))
            {
                _roots.Add(mapped, Encoding.ASCII.GetBytes($"{path}/maps"));
            }

            foreach (StorePath named in paths.FindAll(process?.FindFile("environ"u8)))
            {
                _roots.Add(named, Encoding.ASCII.GetBytes($"{path}/environ"));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process has ended meanwhile, or belongs to another user.
        }
    }

    private void Add(byte[]? target, string link)
    {
        if (target is not null && paths.Find(target) is StorePath path)
        {
            _roots.Add(path, Encoding.ASCII.GetBytes(link));
        }
    }
}
