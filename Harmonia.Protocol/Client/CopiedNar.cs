using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Client;

/// <summary>What <see cref="DaemonClient.NarFromPathAsync"/> has copied.</summary>
/// <param name="Hash">The hash of its bytes: what a path info has to say.</param>
/// <param name="Size">How many they were.</param>
public readonly record struct CopiedNar(NarHash Hash, long Size);
