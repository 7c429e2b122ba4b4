namespace Harmonia.Protocol.Interop;

/// <summary>The error numbers that mean something to us; the same on every architecture .NET runs on (asm-generic/errno-base.h).</summary>
internal static class Errno
{
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int NoDeviceOrAddress = 6;
    public const int NotDirectory = 20;
    public const int InvalidArgument = 22;
    public const int TooManySymbolicLinks = 40;
}
