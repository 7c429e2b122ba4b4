using System.Diagnostics.CodeAnalysis;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// How a store path is computed from the content: method and hash. Nix: src/libstore/content-address.cc, ContentAddress.
/// </summary>
public sealed record ContentAddress
{
    /// <summary>A content address.</summary>
    /// <exception cref="ArgumentException">The method does not go with the hash's algorithm.</exception>
    public ContentAddress(ContentAddressMethod method, Hash hash)
    {
        if (!Fit(method, hash.Algorithm))
        {
            throw new ArgumentException($"The method {method} does not go with {hash.Algorithm.ToName()} hashes.", nameof(hash));
        }

        Method = method;
        Hash = hash;
    }

    /// <summary>What was hashed.</summary>
    public ContentAddressMethod Method { get; }

    /// <summary>The hash.</summary>
    public Hash Hash { get; }

    /// <summary>
    /// Reads <c>text:sha256:HASH</c>, <c>fixed:ALGORITHM:HASH</c>, <c>fixed:r:…</c> or <c>fixed:git:…</c>. The hash may be in any base.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ContentAddress? address)
    {
        address = null;
        int colon = text.LastIndexOf(':');
        if (colon >= 0
            && TryParseMethod(text[..colon], out ContentAddressMethod method, out HashAlgorithm algorithm)
            && Hash.TryParseUnprefixed(text[(colon + 1)..], algorithm, out Hash? hash))
        {
            address = new(method, hash);
        }

        return address is not null;
    }

    /// <summary>Reads what <see cref="TryParse"/> reads.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static ContentAddress Parse(ReadOnlySpan<char> text) => TryParse(text, out ContentAddress? address)
        ? address
        : throw new FormatException(
            $"{Excerpt.Of(text)} is not a content address: expected 'text:sha256:HASH' or 'fixed:[r:|git:]ALGORITHM:HASH'.");

    /// <summary>
    /// Reads a content address without its hash, such as <c>fixed:r:sha256</c>: the form in requests to add a path.
    /// Nix: ContentAddressMethod::parseWithAlgo.
    /// </summary>
    public static bool TryParseMethod(ReadOnlySpan<char> text, out ContentAddressMethod method, out HashAlgorithm algorithm)
    {
        method = ContentAddressMethod.Text;
        foreach (ContentAddressMethod candidate in (ReadOnlySpan<ContentAddressMethod>)
            [ContentAddressMethod.Text, ContentAddressMethod.Nar, ContentAddressMethod.Git, ContentAddressMethod.Flat])
        {
            // The prefix of Flat is also a prefix of the others, so it comes last. Then the algorithm shows whether it is meant.
            if (text.StartsWith(Prefix(candidate)))
            {
                method = candidate;
                return HashAlgorithms.TryParse(text[Prefix(candidate).Length..], out algorithm) && Fit(method, algorithm);
            }
        }

        algorithm = default;
        return false;
    }

    /// <summary>Prints a content address without its hash. Nix: ContentAddressMethod::renderWithAlgo.</summary>
    public static string PrintMethod(ContentAddressMethod method, HashAlgorithm algorithm) => Prefix(method) + algorithm.ToName();

    /// <summary>The address with its hash in nix32.</summary>
    public override string ToString() => Prefix(Method) + Hash.ToPrefixedBase32();

    private static string Prefix(ContentAddressMethod method) => method switch
    {
        ContentAddressMethod.Text => "text:",
        ContentAddressMethod.Flat => "fixed:",
        ContentAddressMethod.Nar => "fixed:r:",
        ContentAddressMethod.Git => "fixed:git:",
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "There is no such content address method."),
    };

    // With any other pair, Nix stops with an assertion or an error when it computes the path.
    private static bool Fit(ContentAddressMethod method, HashAlgorithm algorithm) => method switch
    {
        ContentAddressMethod.Text => algorithm is HashAlgorithm.Sha256,
        ContentAddressMethod.Git => algorithm is HashAlgorithm.Sha1 or HashAlgorithm.Sha256,
        _ => true,
    };
}
