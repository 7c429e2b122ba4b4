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
    private static readonly byte[] FirstProcess = [(byte)'1'];

    private readonly bool _maySeeProcesses = Capabilities.MaySeeProcesses;
    private readonly RootSet _roots = new();

    /// <summary>
    /// A process whose files this one may not see, so that the roots are not complete; null if it sees those of all. Even root does not,
    /// without CAP_SYS_PTRACE, or in a user namespace of its own. With it, a process of root that hides is none of a store: some
    /// virtual machines have such a first process.
    /// </summary>
    public string? HiddenProcess { get; private set; }

    /// <summary>
    /// Finds all runtime roots of valid and invalid paths. Skips what this process may not read and what has gone meanwhile.
    /// </summary>
    public RootSet Find(CancellationToken cancellationToken)
    {
        using DirectoryHandle? processes = DirectoryHandle.Find("/proc"u8);
        bool hasFirst = false;
        foreach (byte[] name in processes?.List() ?? [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!name.AsSpan().ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                hasFirst |= name.AsSpan().SequenceEqual(FirstProcess);
                AddProcess(processes!, name);
            }
        }

        if (!hasFirst)
        {
            // Every process is under the first one. Where it is missing, /proc shows only a choice of them (hidepid=, ProtectProc=).
            HiddenProcess ??= "1";
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
            if (process is not null && SymbolicLink.IsHidden(process.Handle, "exe"u8) && (!_maySeeProcesses || IsOfOtherUser(process)))
            {
                HiddenProcess ??= Encoding.ASCII.GetString(name);
            }

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

    // Everybody may read this file. The owner of the directory is root, where a process hides.
    private static bool IsOfOtherUser(DirectoryHandle process)
    {
        ReadOnlySpan<byte> status = process.FindFile("status"u8);
        int start = status.IndexOf("\nUid:\t"u8);
        return start >= 0 && !status[(start + 6)..].StartsWith("0\t"u8);
    }

    private void Add(byte[]? target, string link)
    {
        if (target is not null && paths.Find(target) is StorePath path)
        {
            _roots.Add(path, Encoding.ASCII.GetBytes(link));
        }
    }
}
