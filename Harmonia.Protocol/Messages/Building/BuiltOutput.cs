using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>An output of a build that succeeded.</summary>
/// <param name="OutputName">The name of the output.</param>
/// <param name="Value">Its realisation.</param>
public sealed record BuiltOutput(string OutputName, UnkeyedRealisation Value)
{
    /// <summary>
    /// The realisation by the hash of the derivation, for daemons without <see cref="ProtocolFeatures.RealisationWithPathNotHash"/>. It is
    /// null if the hash is not known, which is harmless: clients use only name and path.
    /// </summary>
    public Realisation? Realisation { get; init; }
}
