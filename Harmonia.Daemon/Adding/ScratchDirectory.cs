using System.Text;
using Harmonia.Daemon.Interop;

namespace Harmonia.Daemon.Adding;

/// <summary>
/// A folder in the store directory for what is not complete yet. It is locked, so that a garbage collector leaves it alone; Dispose
/// removes it with everything that was not moved away. Nix: src/libstore/local-store.cc, LocalStore::createTempDirInStore.
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

    /// <summary>Makes one. The store directory must stay open as long.</summary>
    public static ScratchDirectory Create(DirectoryHandle store)
    {
        while (true)
        {
            byte[] name = [.. Prefix, .. Encoding.ASCII.GetBytes($"{Environment.ProcessId}-{Interlocked.Increment(ref _last)}")];
            try
            {
                store.CreateDirectory(name, OwnerOnly);
            }
            catch (LibcException exception) when (exception.Error == LibcException.Exists)
            {
                // Left by a process of the same number.
                continue;
            }

            DirectoryHandle? handle = Open(store, name);
            if (handle?.TryLockExclusive() == true && store.FindStatus(name) is not null)
            {
                handle.RemoveDefaultAccessList();
                return new ScratchDirectory(store, name, handle);
            }

            // A collector was quicker and removes it, or has removed it.
            handle?.Dispose();
        }
    }

    /// <summary>Removes what killed processes have left: those that nobody has locked.</summary>
    public static void RemoveAbandoned(DirectoryHandle store, CancellationToken cancellationToken)
    {
        foreach (byte[] name in store.List().Where(name => name.AsSpan().StartsWith(Prefix)))
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
            // What stays, unlocked, is removed by the next collector, or when the daemon starts.
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
            // Without a file descriptor left nothing in it could be removed either, but there is nothing.
            store.RemoveEmptyDirectory(name);
            throw;
        }
    }
}
