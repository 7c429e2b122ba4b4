using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages;

/// <summary>An output and its realisation, with <see cref="ProtocolFeatures.RealisationWithPathNotHash"/>.</summary>
/// <param name="Key">The output.</param>
/// <param name="Value">Its realisation.</param>
public sealed record BuildTraceEntry(BuildTraceKey Key, UnkeyedRealisation Value);
