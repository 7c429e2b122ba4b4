using Harmonia.Protocol.Interop;

namespace Harmonia.Daemon.Interop;

/// <summary>
/// Makes a directory that is mounted read-only writable for this process alone, in a private mount namespace. NixOS mounts the store
/// read-only. Nix: src/libstore/local-store.cc, LocalStore::makeStoreWritable; src/libutil/linux/linux-namespaces.cc.
/// </summary>
/// <remarks>
/// unshare(2) affects one thread only, and the runtime has started others already. So this thread executes the program again. The
/// process and its namespace stay the same.
/// </remarks>
internal static unsafe class PrivateMount
{
    // linux/sched.h: CLONE_NEWNS. linux/mount.h: MS_REMOUNT and MS_BIND. The lower flags have the same values in statvfs(3).
    private const int MountNamespace = 0x20000;
    private const nuint Remount = 0x20;
    private const nuint Bind = 0x1000;

    /// <summary>
    /// Restarts the program if that makes the directory writable. Returns if it is writable already or cannot be made writable, because
    /// the process is not root, lacks the privilege, or the file system itself is read-only.
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
            // The arguments, each with a zero at its end, then a null pointer.
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
