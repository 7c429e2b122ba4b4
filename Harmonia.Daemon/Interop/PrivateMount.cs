namespace Harmonia.Daemon.Interop;

/// <summary>
/// A view of the file system for this process alone, in which a directory that is mounted read-only can be written to. NixOS mounts the
/// store so. Nix: src/libstore/local-store.cc, LocalStore::makeStoreWritable; src/libutil/linux/linux-namespaces.cc.
/// </summary>
/// <remarks>
/// unshare(2) gives it to one thread only, and the runtime has others already. So the program begins anew from that thread, as
/// the same process: the view stays.
/// </remarks>
internal static unsafe class PrivateMount
{
    // linux/sched.h: CLONE_NEWNS. linux/mount.h: MS_REMOUNT and MS_BIND; the flags below them are what statvfs(3) calls the same.
    private const int MountNamespace = 0x20000;
    private const nuint Remount = 0x20;
    private const nuint Bind = 0x1000;

    /// <summary>
    /// Begins the program anew if that makes the directory writable. Returns if it is already, or can't be made so: because this is not
    /// root, has no such right, or the file system itself is read-only.
    /// </summary>
    public static void MakeWritable(string directory)
    {
        if (Libc.GetEffectiveUserId() != 0 || !Path.Exists(directory) || !FileAccessCheck.IsOnReadOnlyFileSystem(directory))
        {
            return;
        }

        Thread thread = new(() =>
        {
            if (TryRemount(directory) && !FileAccessCheck.IsOnReadOnlyFileSystem(directory))
            {
                BeginAnew();
            }
        });
        thread.Start();
        thread.Join();
    }

    private static bool TryRemount(string directory)
    {
        nuint flags = FileAccessCheck.MountFlags(directory);
        fixed (byte* target = NativePath.Of(directory), none = "none\0"u8)
        {
            return Libc.Unshare(MountNamespace) == 0 && Libc.Mount(none, target, null, Remount | Bind | flags, null) == 0;
        }
    }

    /// <summary>Returns only if it fails.</summary>
    private static void BeginAnew()
    {
        byte[] line = File.ReadAllBytes("/proc/self/cmdline");
        fixed (byte* start = line, program = "/proc/self/exe\0"u8)
        {
            // The arguments, each with a zero at its end; then no more.
            byte** arguments = stackalloc byte*[line.Count(value => value == 0) + 1];
            int count = 0;
            for (int position = 0; position < line.Length; position += line.AsSpan(position).IndexOf((byte)0) + 1)
            {
                arguments[count++] = start + position;
            }

            arguments[count] = null;
            _ = Libc.Execute(program, arguments);
        }
    }
}
