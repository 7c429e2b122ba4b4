using System.Security.Cryptography;
using System.Text;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// Computes hash parts from the contents of paths. Nix: its manual, "Complete Store Path Calculation"; src/libstore/store-dir-config.cc.
/// </summary>
public static class StorePathComputation
{
    /// <summary>The path of an object of a type, such as <c>source</c> or <c>output:out</c>, with an inner hash.</summary>
    /// <exception cref="FormatException">The name breaks the rule of <see cref="StorePathName"/>.</exception>
    public static StorePath MakeStorePath(StoreDirectory directory, string type, Hash hash, ReadOnlySpan<char> name)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{type}:{hash.ToPrefixedBase16()}:{directory.Path}:{name}"), digest);

        Span<byte> compressed = stackalloc byte[StorePathHash.ByteLength];
        compressed.Clear();
        for (int i = 0; i < digest.Length; i++)
        {
            compressed[i % compressed.Length] ^= digest[i];
        }

        return new StorePath(StorePathHash.FromBytes(compressed), name);
    }

    /// <summary>The path of a file added as text: <c>.drv</c> files and the results of <c>builtins.toFile</c>.</summary>
    /// <param name="directory">The store.</param>
    /// <param name="name">The path's name.</param>
    /// <param name="hash">The SHA-256 hash of the file's content.</param>
    /// <param name="references">The paths it refers to, in any order. It cannot refer to itself.</param>
    /// <exception cref="FormatException">The name is not valid, or the hash is not SHA-256.</exception>
    public static StorePath MakeTextPath(StoreDirectory directory, ReadOnlySpan<char> name, Hash hash, IReadOnlyList<StorePath> references) =>
        hash.Algorithm == HashAlgorithm.Sha256
            ? MakeStorePath(directory, AddReferences(directory, "text", references, refersToSelf: false), hash, name)
            : throw new FormatException($"Text {Excerpt.Of(name)} must be addressed by its sha256 hash, not {hash.Algorithm.ToName()}.");

    /// <summary>The path of a tree addressed by the SHA-256 hash of its NAR.</summary>
    /// <param name="directory">The store.</param>
    /// <param name="name">The path's name.</param>
    /// <param name="hash">The hash of the NAR, modulo the path's own hash part if it refers to itself.</param>
    /// <param name="references">The other paths it refers to, in any order.</param>
    /// <param name="refersToSelf">Whether it refers to itself.</param>
    /// <exception cref="FormatException">The name is not valid.</exception>
    public static StorePath MakeSourcePath(
        StoreDirectory directory, ReadOnlySpan<char> name, NarHash hash, IReadOnlyList<StorePath> references, bool refersToSelf) =>
        MakeStorePath(directory, AddReferences(directory, "source", references, refersToSelf), hash.ToHash(), name);

    /// <summary>The path of an object with any content address. Nix: StoreDirConfig::makeFixedOutputPathFromCA.</summary>
    /// <exception cref="FormatException">The name is not valid, or an object with such an address may not have these references.</exception>
    public static StorePath MakeFixedOutputPath(
        StoreDirectory directory, ReadOnlySpan<char> name, ContentAddress address, IReadOnlyList<StorePath> references, bool refersToSelf)
    {
        Hash hash = address.Hash;
        switch (address.Method)
        {
            case ContentAddressMethod.Text when !refersToSelf:
                return MakeTextPath(directory, name, hash, references);

            case ContentAddressMethod.Nar when hash.Algorithm == HashAlgorithm.Sha256:
                return MakeSourcePath(directory, name, NarHash.FromBytes(hash.Bytes), references, refersToSelf);

            case ContentAddressMethod.Text:
                throw new FormatException($"Text {Excerpt.Of(name)} is not allowed to refer to itself.");
        }

        if (references.Count > 0 || refersToSelf)
        {
            throw new FormatException(
                $"{Excerpt.Of(name)}, addressed by {ContentAddress.PrintMethod(address.Method, hash.Algorithm)}, "
                + "is not allowed to refer to other store paths.");
        }

        string method = address.Method switch
        {
            ContentAddressMethod.Nar => "r:",
            ContentAddressMethod.Git => "git:",
            _ => "",
        };
        byte[] inner = Encoding.UTF8.GetBytes($"fixed:out:{method}{hash.ToPrefixedBase16()}:");
        return MakeStorePath(directory, "output:out", Hash.Of(HashAlgorithm.Sha256, inner), name);
    }

    /// <summary>The path of an output addressed by its derivation.</summary>
    /// <param name="directory">The store.</param>
    /// <param name="derivationName">The derivation's name, without <c>.drv</c>.</param>
    /// <param name="outputName">The output. With <c>out</c>, the path has the name of the derivation alone.</param>
    /// <param name="hash">The hash of the derivation modulo its inputs.</param>
    /// <exception cref="FormatException">The resulting name is not valid.</exception>
    public static StorePath MakeOutputPath(StoreDirectory directory, string derivationName, string outputName, Hash hash) =>
        MakeStorePath(directory, $"output:{outputName}", hash, outputName == "out" ? derivationName : $"{derivationName}-{outputName}");

    /// <summary>
    /// Whether the path is the one that is computed from its content address, so that it needs no signature.
    /// Nix: src/libstore/path-info.cc, ValidPathInfo::isContentAddressed.
    /// </summary>
    public static bool IsContentAddressed(StoreDirectory directory, ValidPathInfo info)
    {
        if (info.Info.ContentAddress is not { } address)
        {
            return false;
        }

        StorePath[] others = [.. info.Info.References.Where(reference => reference != info.Path)];
        try
        {
            return MakeFixedOutputPath(directory, info.Path.Name, address, others, others.Length < info.Info.References.Count) == info.Path;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string AddReferences(StoreDirectory directory, string type, IReadOnlyList<StorePath> references, bool refersToSelf)
    {
        StringBuilder text = new(type);
        foreach (StorePath reference in AscendingSet.Of(references, Comparer<StorePath>.Default))
        {
            text.Append(':').Append(directory.Print(reference));
        }

        return text.Append(refersToSelf ? ":self" : "").ToString();
    }
}
