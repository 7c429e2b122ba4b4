using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>An output of a build that succeeded.</summary>
/// <param name="OutputName">Which output.</param>
/// <param name="Value">What it turned out to be.</param>
public sealed record BuiltOutput(string OutputName, UnkeyedRealisation Value)
{
    /// <summary>
    /// The same under the derivation's hash, as daemons without <see cref="ProtocolFeatures.RealisationWithPathNotHash"/> tell it;
    /// null when the hash is not known, which does no harm: clients use name and path only.
    /// </summary>
    public Realisation? Realisation { get; init; }
}
