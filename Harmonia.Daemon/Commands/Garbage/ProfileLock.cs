using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>
/// The lock that a program holds while it changes a profile. Dispose removes its file. The directory may belong to another user, so nothing
/// there is followed or trusted. Nix: src/libstore/profiles.cc, lockProfile; src/libstore/pathlocks.cc, PathLocks.
/// </summary>
internal sealed class ProfileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // Nix holds it for moments. Who holds it longer wants to stop this program.
    private const int Attempts = 100;

    private readonly DirectoryHandle _directory;
    private readonly byte[] _name;
    private readonly SafeFileHandle _file;

    private ProfileLock(DirectoryHandle directory, byte[] name, SafeFileHandle file) => (_directory, _name, _file) = (directory, name, file);

    /// <summary>Takes the lock; null if another process holds it for longer than a few seconds.</summary>
    /// <param name="directory">The profile's directory, which must stay open until the lock is disposed.</param>
    /// <param name="profile">The profile's name.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="SystemCallException">The file cannot be created.</exception>
    public static async Task<ProfileLock?> TakeAsync(DirectoryHandle directory, byte[] profile, CancellationToken cancellationToken)
    {
        byte[] name = [.. profile, .. ".lock"u8];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            SafeFileHandle file = directory.OpenLock(name);

            // A file that is not empty was removed by the process that held the lock.
            if (Libc.Lock(file, Libc.LockExclusive | Libc.LockNonBlocking) == 0
                && FileStatus.Of(file, directory.Describe(name)) is { Type: FileType.Regular, Size: 0 })
            {
                return new ProfileLock(directory, name, file);
            }

            file.Dispose();
            await Task.Delay(Pause, cancellationToken);
        }

        return null;
    }

    public void Dispose()
    {
        using (_file)
        {
            _directory.Unlink(_name);
            RandomAccess.SetLength(_file, 1);
        }
    }
}
