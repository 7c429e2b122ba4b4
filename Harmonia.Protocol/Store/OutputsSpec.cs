using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Store;

/// <summary>Some or all outputs of a derivation. Compared by value. Nix: src/libstore/outputs-spec.cc, OutputsSpec.</summary>
public sealed record OutputsSpec
{
    private OutputsSpec(IReadOnlyList<string> names) => Names = names;

    /// <summary>All outputs, <c>*</c>.</summary>
    public static OutputsSpec All { get; } = new([]);

    /// <summary>The named outputs in ascending order, each once; empty for all outputs.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether this is all outputs.</summary>
    public bool IsAll => Names.Count == 0;

    /// <summary>These outputs, in any order.</summary>
    /// <exception cref="FormatException">There is none, or a name breaks the rule of <see cref="StorePathName"/>.</exception>
    public static OutputsSpec Of(params IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            throw new FormatException("An outputs specifier names at least one output.");
        }

        foreach (string name in names)
        {
            StorePathName.Check(name);
        }

        return new(AscendingSet.Of(names, StringComparer.Ordinal));
    }

    /// <summary>Reads <c>*</c>, or names separated by commas.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out OutputsSpec? outputs)
    {
        outputs = null;
        if (text is "*")
        {
            outputs = All;
            return true;
        }

        List<string> names = new();
        foreach (Range range in text.Split(','))
        {
            if (!StorePathName.IsValid(text[range]))
            {
                return false;
            }

            names.Add(text[range].ToString());
        }

        outputs = new(AscendingSet.Of(names, StringComparer.Ordinal));
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(OutputsSpec? other) => other is not null && Names.SequenceEqual(other.Names);

    /// <inheritdoc/>
    public override int GetHashCode() => IsAll ? 0 : Names[0].GetHashCode(StringComparison.Ordinal);

    /// <summary><c>*</c>, or the names separated by commas.</summary>
    public override string ToString() => IsAll ? "*" : string.Join(',', Names);
}
