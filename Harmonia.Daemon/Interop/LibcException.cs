using System.Runtime.InteropServices;

namespace Harmonia.Daemon.Interop;

/// <summary>A system call failed. The message names the call, its object and the reason.</summary>
internal sealed class LibcException(int error, string operation, string path)
    : IOException($"{operation} '{path}': {Marshal.GetPInvokeErrorMessage(error)}")
{
    public const int NotPermitted = 1;
    public const int NoSuchEntry = 2;
    public const int NoSuchProcess = 3;
    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int InvalidArgument = 22;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int TooManyNames = 31;
    public const int NameTooLong = 36;
    public const int TooManyLinks = 40;
    public const int QuotaExceeded = 122;

    public int Error { get; } = error;

    /// <summary>Whether the caller lacks the right to do this, or nobody may because the file system is read-only.</summary>
    public bool IsRefusal => Error is NotPermitted or AccessDenied or ReadOnlyFileSystem;

    /// <summary>Whether an error means that there is nothing to be seen: it is gone, of another kind, or not for this user to see.</summary>
    public static bool IsInvisible(int error) =>
        error is NoSuchEntry or NoSuchProcess or NotPermitted or AccessDenied or NotDirectory or InvalidArgument or NameTooLong or TooManyLinks;
}
