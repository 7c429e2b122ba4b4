namespace Harmonia.Cache.NarCache;

/// <summary>A NAR cannot be written to the directory of stored NARs. The NAR itself can be read.</summary>
public sealed class NotStoredException(string message, Exception inner) : IOException(message, inner);
