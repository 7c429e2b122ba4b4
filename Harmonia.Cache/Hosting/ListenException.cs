namespace Harmonia.Cache.Hosting;

/// <summary>An address cannot be listened on. The message names it and says why.</summary>
public sealed class ListenException(string address, string reason) : IOException($"cannot listen on {address}: {reason}");
