using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;

namespace Harmonia.Daemon.Adding;

/// <summary>
/// A directory in the store for trees that are not complete yet. A lock protects it from garbage collectors. Dispose removes it with
/// everything that was not moved away. Nix: src/libstore/local-store.cc, LocalStore::createTempDirInStore.
/// </summary>
internal sealed class ScratchDirectory : IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;

    private static readonly byte[] Prefix = "tmp-"u8.ToArray();

    private static int _last;

    private readonly DirectoryHandle _store;
    private readonly byte[] _name;

    private ScratchDirectory(DirectoryHandle store, byte[] name, DirectoryHandle handle) => (_store, _name, Handle) = (store, name, handle);

    public DirectoryHandle Handle { get; }

    /// <summary>Creates one. The store directory must stay open as long as it exists.</summary>
    public static ScratchDirectory Create(DirectoryHandle store)
    {
        while (true)
        {
            byte[] name = [.. Prefix, .. Encoding.ASCII.GetBytes($"{Environment.ProcessId}-{Interlocked.Increment(ref _last)}")];
            try
            {
                store.CreateDirectory(name, OwnerOnly);
            }
            catch (SystemCallException exception) when (exception.ErrorNumber == Errno.Exists)
            {
                // An older process with the same ID left it behind.
                continue;
            }

            DirectoryHandle? handle = Open(store, name);
            if (handle?.TryLockExclusive() == true && store.FindStatus(name) is not null)
            {
                handle.RemoveDefaultAccessList();
                return new ScratchDirectory(store, name, handle);
            }

            // A garbage collector was faster and removes it, or has removed it.
            handle?.Dispose();
        }
    }

    /// <summary>Removes the directories that killed processes left behind: those without a lock.</summary>
    public static void RemoveAbandoned(DirectoryHandle store, CancellationToken cancellationToken)
    {
        foreach (byte[] name in store.List(Prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DirectoryHandle? handle = store.FindDirectory(name);
            if (handle?.TryLockExclusive() == true)
            {
                store.RemoveTree(name);
            }
        }
    }

    public void Dispose()
    {
        using (Handle)
        {
            // If something is left, it is no longer locked: the next garbage collection or start of the daemon removes it.
            _ = _store.TryRemoveTree(_name);
        }
    }

    private static DirectoryHandle? Open(DirectoryHandle store, byte[] name)
    {
        try
        {
            return store.FindDirectory(name);
        }
        catch
        {
            // The process may have no file descriptor left, but the directory is empty, so it can be removed without one.
            store.RemoveEmptyDirectory(name);
            throw;
        }
    }
}
