using System.Runtime.InteropServices;

namespace Harmonia.Protocol.Interop;

/// <summary>Flags of open(2). Two of them have other values on Arm and Power than in asm-generic/fcntl.h.</summary>
internal static class OpenFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoControllingTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int Path = 0x200000;

    public static readonly int Directory = HasOwnValues ? 0x4000 : 0x10000;
    public static readonly int NoFollow = HasOwnValues ? 0x8000 : 0x20000;

    private static bool HasOwnValues =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le;
}
