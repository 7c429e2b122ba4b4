namespace Harmonia.Protocol.Store;

/// <summary>What a derivation says of one output. Nix: src/libstore/include/nix/store/derivations.hh, DerivationOutput.</summary>
/// <param name="Name">The output.</param>
/// <param name="Path">Its path; null where only the build tells it.</param>
/// <param name="HashAlgorithm">With the method in front, such as <c>r:sha256</c>; empty where the content is not what is addressed.</param>
/// <param name="Hash">In base 16; empty where it is not fixed.</param>
public sealed record DerivationOutput(string Name, StorePath? Path, string HashAlgorithm, string Hash)
{
    private const string Impure = "impure";

    /// <summary>Whether the path follows from the derivation and its inputs.</summary>
    public bool IsInputAddressed => Path is not null && HashAlgorithm.Length == 0;

    /// <summary>Whether the content is known before the build.</summary>
    public bool IsFixed => HashAlgorithm.Length > 0 && Hash is not ("" or Impure);

    /// <summary>The content address of a fixed output.</summary>
    /// <exception cref="FormatException">Method, algorithm and hash don't make one.</exception>
    public ContentAddress ContentAddress()
    {
        string method = HashAlgorithm.StartsWith("text:", StringComparison.Ordinal) ? HashAlgorithm : $"fixed:{HashAlgorithm}";
        return Store.ContentAddress.Parse($"{method}:{Hash}");
    }
}
