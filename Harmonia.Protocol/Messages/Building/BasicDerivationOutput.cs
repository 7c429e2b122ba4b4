namespace Harmonia.Protocol.Messages.Building;

/// <summary>
/// An output of a derivation as the four texts on the wire. The last three show its kind. Input-addressed: path, "", "". Fixed: path,
/// method with algorithm, hash in base 16. Floating: "", method with algorithm, "". Deferred: "", "", "". Impure: "", method with
/// algorithm, "impure".
/// </summary>
/// <param name="Name">The output's name.</param>
/// <param name="Path">The absolute store path, or empty.</param>
/// <param name="HashAlgorithm">For example <c>r:sha256</c>, or empty.</param>
/// <param name="Hash">In base 16, <c>impure</c>, or empty.</param>
public sealed record BasicDerivationOutput(string Name, string Path, string HashAlgorithm, string Hash);
