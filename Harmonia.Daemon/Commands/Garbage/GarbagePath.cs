namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>An entry of the store directory.</summary>
/// <param name="Path">Its absolute path, which may be that of a leftover file.</param>
/// <param name="NarSize">The size of its NAR in bytes; null for what is not a valid path.</param>
internal readonly record struct GarbagePath(string Path, long? NarSize);
