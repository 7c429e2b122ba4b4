namespace Harmonia.Protocol.Interop;

/// <summary>
/// The error numbers that the code handles. They are the same on every architecture that .NET runs on (asm-generic/errno-base.h, errno.h).
/// </summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoSuchProcess = 3;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoDeviceOrAddress = 6;
    public const int TryAgain = 11;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int InvalidArgument = 22;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int TooManyNames = 31;
    public const int NameTooLong = 36;
    public const int NotImplemented = 38;
    public const int TooManySymbolicLinks = 40;
    public const int NotSupported = 95;
    public const int StaleFile = 116;
    public const int QuotaExceeded = 122;

    /// <summary>Whether an error means that this user sees nothing there: it is gone, of another kind, or not accessible.</summary>
    public static bool IsInvisible(int error) =>
        error is NoEntry or NoSuchProcess or NotPermitted or AccessDenied or NotDirectory or InvalidArgument or NameTooLong or TooManySymbolicLinks;
}
