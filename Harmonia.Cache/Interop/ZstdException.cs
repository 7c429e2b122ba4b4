namespace Harmonia.Cache.Interop;

/// <summary>libzstd refuses.</summary>
internal sealed class ZstdException(string message) : Exception($"libzstd: {message}");
