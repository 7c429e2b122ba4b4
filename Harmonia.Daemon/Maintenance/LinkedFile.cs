namespace Harmonia.Daemon.Maintenance;

/// <summary>A file whose contents another file had, and which is that file now.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Blocks">What it had on the disk, in units of 512 bytes.</param>
internal readonly record struct LinkedFile(ulong Bytes, ulong Blocks);
