using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Interop;

/// <summary>
/// An open file that cannot leave the method: closed at the end of the scope, or moved into a handle by <see cref="Keep"/>.
/// A <see cref="SafeFileHandle"/> for each of 20,000 small files costs 64 B and 0.3 of 3.7 µs a file.
/// </summary>
internal ref struct OpenFile
{
    // A FIFO in the place of a file must not block open(2), and a terminal must not become the controlling one.
    private static readonly int Flags = OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal;

    private readonly SafeFileHandle? _lender;
    private int _descriptor;

    private OpenFile(int descriptor, SafeFileHandle? lender) => (_descriptor, _lender) = (descriptor, lender);

    /// <summary>Opens an entry that is no symbolic link; returns 0, or the negative errno and nothing to close.</summary>
    public static int Open(SafeFileHandle directory, ReadOnlySpan<byte> name, out OpenFile file)
    {
        int result = LibcFiles.Open(directory, name, Flags);
        file = new OpenFile(result < 0 ? -1 : result, lender: null);
        return Math.Min(result, 0);
    }

    /// <summary>Uses a file that its owner keeps open. The handle cannot be closed before this scope ends.</summary>
    public static OpenFile Borrow(SafeFileHandle handle)
    {
        bool added = false;
        handle.DangerousAddRef(ref added);
        return new OpenFile((int)handle.DangerousGetHandle(), handle);
    }

    /// <summary>
    /// Moves the file out of its scope; the caller owns the handle. Static, because a <c>using</c> variable would be copied
    /// for a method that changes it and then be closed all the same; by reference it does not compile.
    /// </summary>
    public static SafeFileHandle Keep(ref OpenFile file)
    {
        if (file._lender is not null || file._descriptor < 0)
            throw new InvalidOperationException("Only a file opened in this scope can be kept.");
        SafeFileHandle handle = new(file._descriptor, ownsHandle: true);
        file._descriptor = -1;
        return handle;
    }

    public readonly int Status(out FileStatus status) => LibcFiles.Status(_descriptor, out status);

    public readonly int Read(long offset, Span<byte> destination) => LibcFiles.Read(_descriptor, offset, destination);

    public void Dispose()
    {
        if (_descriptor < 0)
            return;
        if (_lender is null)
            LibcFiles.Close(_descriptor);
        else
            _lender.DangerousRelease();
        _descriptor = -1;
    }
}
