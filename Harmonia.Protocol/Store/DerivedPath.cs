using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// Something to realise: a path, or outputs of a derivation. The text is that of protocol 1.30 and later; before, a bare <c>.drv</c>
/// meant all of its outputs. Nix: src/libstore/derived-path.cc, DerivedPath::parseLegacy and to_string_legacy.
/// </summary>
public abstract record DerivedPath
{
    /// <summary>
    /// How many derivations may be outputs of one another. Two are unusual. With the limit, a peer cannot choose the depth of recursion.
    /// </summary>
    public const int MaxDepth = 16;

    private const char Separator = '!';

    private DerivedPath()
    {
    }

    /// <summary>The number of outputs that have to be built on the way: 0 for a path.</summary>
    private protected abstract int Depth { get; }

    /// <summary>Reads <c>path</c>, <c>path!*</c> or <c>path!out,dev</c>; the path may itself be an output, <c>path!out</c>.</summary>
    /// <exception cref="FormatException">The text is something else, or nested deeper than <see cref="MaxDepth"/>.</exception>
    public static DerivedPath Parse(StoreDirectory directory, ReadOnlySpan<char> text) =>
        FindFault(directory, text, out DerivedPath? path) is string fault
            ? throw new FormatException($"{Excerpt.Of(text)} is not a derived path: {fault}")
            : path!;

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public abstract string Print(StoreDirectory directory);

    private static string? FindFault(StoreDirectory directory, ReadOnlySpan<char> text, out DerivedPath? path)
    {
        path = null;
        DerivedPath? derivation = null;
        foreach (Range range in text.Split(Separator))
        {
            ReadOnlySpan<char> part = text[range];
            if (derivation is null)
            {
                if (!directory.TryParsePath(part, out StorePath? start))
                {
                    return $"{Excerpt.Of(part)} is not a store path in {directory}.";
                }

                derivation = new Opaque(start);
                continue;
            }

            if (!OutputsSpec.TryParse(part, out OutputsSpec? outputs))
            {
                return $"{Excerpt.Of(part)} names no outputs.";
            }

            if (Built.FindFault(derivation) is string fault)
            {
                return fault;
            }

            derivation = new Built(derivation, outputs);
        }

        path = derivation;
        return null;
    }

    /// <summary>A path as it is, even if it is a derivation.</summary>
    /// <param name="Path">The path.</param>
    public sealed record Opaque(StorePath Path) : DerivedPath
    {
        private protected override int Depth => 0;

        /// <inheritdoc/>
        public override string Print(StoreDirectory directory) => directory.Print(Path);
    }

    /// <summary>Outputs of a derivation.</summary>
    public sealed record Built : DerivedPath
    {
        /// <summary>Outputs of a derivation.</summary>
        /// <exception cref="ArgumentException">
        /// The derivation is several outputs at once, or more than <see cref="MaxDepth"/> outputs of one another.
        /// </exception>
        public Built(DerivedPath derivation, OutputsSpec outputs)
        {
            if (FindFault(derivation) is string fault)
            {
                throw new ArgumentException(fault, nameof(derivation));
            }

            Derivation = derivation;
            Outputs = outputs;
            Depth = derivation.Depth + 1;
        }

        /// <summary>The derivation: a path, or one output of another derivation.</summary>
        public DerivedPath Derivation { get; }

        /// <summary>The wanted outputs.</summary>
        public OutputsSpec Outputs { get; }

        private protected override int Depth { get; }

        /// <inheritdoc/>
        public override string Print(StoreDirectory directory) => $"{Derivation.Print(directory)}{Separator}{Outputs}";

        /// <summary>The reason why a path cannot be the derivation of another; null if it can.</summary>
        internal static string? FindFault(DerivedPath derivation)
        {
            if (derivation is Built { Outputs.Names.Count: not 1 })
            {
                return "a derivation that is built must be one output of another.";
            }

            return derivation.Depth < MaxDepth ? null : $"more than {MaxDepth} derivations are outputs of one another.";
        }
    }
}
