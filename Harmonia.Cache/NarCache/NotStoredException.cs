namespace Harmonia.Cache.NarCache;

/// <summary>The directory of stored NARs takes no more. The NAR itself can be read.</summary>
public sealed class NotStoredException(string message, Exception inner) : IOException(message, inner);
