using System.Diagnostics.CodeAnalysis;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// The name of a store object: hash part, dash, name; without the store directory. Sorts bytewise by <see cref="BaseName"/>, as Nix sorts
/// its sets of paths. Nix: src/libstore/path.cc, StorePath.
/// </summary>
public sealed record StorePath : IComparable<StorePath>
{
    private const string DerivationSuffix = ".drv";
    private const int NameStart = StorePathHash.Length + 1;

    private StorePath(string baseName, StorePathHash hash) => (BaseName, Hash) = (baseName, hash);

    /// <summary>The store path with this hash part and name.</summary>
    /// <exception cref="FormatException">The name breaks the rule of <see cref="StorePathName"/>.</exception>
    public StorePath(StorePathHash hash, ReadOnlySpan<char> name)
    {
        StorePathName.Check(name);
        Hash = hash;
        BaseName = $"{hash}-{name}";
    }

    /// <summary>Hash part and name, for example <c>xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-hello</c>. Always ASCII.</summary>
    public string BaseName { get; }

    /// <summary>The hash part.</summary>
    public StorePathHash Hash { get; }

    /// <summary>The part after the dash.</summary>
    public ReadOnlySpan<char> Name => BaseName.AsSpan(NameStart);

    /// <summary>Whether the name ends in <c>.drv</c>.</summary>
    public bool IsDerivation => Name.EndsWith(DerivationSuffix);

    /// <summary>Reads a base name, without directory.</summary>
    public static bool TryParse(ReadOnlySpan<char> baseName, [NotNullWhen(true)] out StorePath? path)
    {
        bool parsed = FindFault(baseName, out StorePathHash hash) is null;
        path = parsed ? new(baseName.ToString(), hash) : null;
        return parsed;
    }

    /// <summary>Reads a base name, without directory.</summary>
    /// <exception cref="FormatException">It is not <c>hash-name</c>.</exception>
    public static StorePath Parse(ReadOnlySpan<char> baseName) => FindFault(baseName, out StorePathHash hash) is string fault
        ? throw new FormatException($"{Excerpt.Of(baseName)} is not a store path: {fault}")
        : new(baseName.ToString(), hash);

    /// <inheritdoc/>
    public bool Equals(StorePath? other) => other is not null && BaseName == other.BaseName;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(StorePath? other) => string.CompareOrdinal(BaseName, other?.BaseName);

    /// <summary>The <see cref="BaseName"/>.</summary>
    public override string ToString() => BaseName;

    private static string? FindFault(ReadOnlySpan<char> baseName, out StorePathHash hash)
    {
        hash = default;
        if (baseName.Length < NameStart)
        {
            return "it is too short.";
        }

        if (!StorePathHash.TryParse(baseName[..StorePathHash.Length], out hash))
        {
            return $"it does not begin with {StorePathHash.Length} digits of Nix's base 32.";
        }

        return baseName[StorePathHash.Length] == '-'
            ? StorePathName.FindFault(baseName[NameStart..])
            : "the hash part is not followed by a '-'.";
    }
}
