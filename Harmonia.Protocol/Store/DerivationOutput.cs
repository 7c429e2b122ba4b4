namespace Harmonia.Protocol.Store;

/// <summary>What a derivation says of one output. Nix: src/libstore/include/nix/store/derivations.hh, DerivationOutput.</summary>
/// <param name="Name">The output.</param>
/// <param name="Path">Its path; null if it is known only after the build.</param>
/// <param name="HashAlgorithm">With the method in front, such as <c>r:sha256</c>; empty for an input-addressed output.</param>
/// <param name="Hash">In base 16; empty if it is not fixed.</param>
public sealed record DerivationOutput(string Name, StorePath? Path, string HashAlgorithm, string Hash)
{
    private const string Impure = "impure";

    /// <summary>Whether the path is computed from the derivation and its inputs.</summary>
    public bool IsInputAddressed => Path is not null && HashAlgorithm.Length == 0;

    /// <summary>Whether the content is known before the build.</summary>
    public bool IsFixed => HashAlgorithm.Length > 0 && Hash is not ("" or Impure);

    /// <summary>The content address of a fixed output.</summary>
    /// <exception cref="FormatException">Method, algorithm and hash are not a valid content address.</exception>
    public ContentAddress ContentAddress()
    {
        string method = HashAlgorithm.StartsWith("text:", StringComparison.Ordinal) ? HashAlgorithm : $"fixed:{HashAlgorithm}";
        return Store.ContentAddress.Parse($"{method}:{Hash}");
    }
}
