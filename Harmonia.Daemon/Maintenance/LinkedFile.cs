namespace Harmonia.Daemon.Maintenance;

/// <summary>A file that was replaced by a hard link to an equal file.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Blocks">The disk space that it had occupied, in units of 512 bytes.</param>
internal readonly record struct LinkedFile(ulong Bytes, ulong Blocks);
