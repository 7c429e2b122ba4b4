namespace Harmonia.Protocol.Interop;

/// <summary>The kind of a file: the DT_ values of getdents64(2), which are also the upper four bits of st_mode.</summary>
internal enum FileType : byte
{
    /// <summary>The file system does not tell in its directories.</summary>
    Unknown = 0,
    Fifo = 1,
    CharacterDevice = 2,
    Directory = 4,
    BlockDevice = 6,
    Regular = 8,
    SymbolicLink = 10,
    Socket = 12,
}
