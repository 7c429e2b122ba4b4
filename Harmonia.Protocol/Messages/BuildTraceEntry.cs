using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages;

/// <summary>An output and what it turned out to be, with <see cref="ProtocolFeatures.RealisationWithPathNotHash"/>.</summary>
/// <param name="Key">Which output.</param>
/// <param name="Value">What it is.</param>
public sealed record BuildTraceEntry(BuildTraceKey Key, UnkeyedRealisation Value);
