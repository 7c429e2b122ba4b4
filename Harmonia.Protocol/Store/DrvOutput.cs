using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// An output, by the hash of its derivation modulo the inputs: the key of a <see cref="Realisation"/>. Sorts like its text. Nix up to
/// 2.34: src/libstore/include/nix/store/realisation.hh, DrvOutput; later versions have a <see cref="BuildTraceKey"/> instead.
/// </summary>
public sealed record DrvOutput : IComparable<DrvOutput>
{
    private const char Separator = '!';

    /// <summary>An output.</summary>
    /// <param name="derivationHash">The hash, with its algorithm in front, in any base.</param>
    /// <param name="outputName">The output.</param>
    /// <exception cref="FormatException">The hash or the name is not valid (<see cref="StorePathName"/>).</exception>
    public DrvOutput(ReadOnlySpan<char> derivationHash, ReadOnlySpan<char> outputName)
    {
        StorePathName.Check(outputName);
        DerivationHash = Hash.Parse(derivationHash).ToPrefixedBase16();
        OutputName = outputName.ToString();
    }

    /// <summary>The hash: algorithm, colon, base 16.</summary>
    public string DerivationHash { get; }

    /// <summary>The output.</summary>
    public string OutputName { get; }

    /// <summary>Reads <c>sha256:base16!name</c>.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static DrvOutput Parse(ReadOnlySpan<char> text)
    {
        int separator = text.IndexOf(Separator);
        return separator >= 0
            ? new(text[..separator], text[(separator + 1)..])
            : throw new FormatException($"{Excerpt.Of(text)} is not the output of a derivation: expected 'sha256:HASH!NAME'.");
    }

    /// <inheritdoc/>
    public int CompareTo(DrvOutput? other) => string.CompareOrdinal(ToString(), other?.ToString());

    /// <summary><c>sha256:base16!name</c>.</summary>
    public override string ToString() => $"{DerivationHash}{Separator}{OutputName}";
}
