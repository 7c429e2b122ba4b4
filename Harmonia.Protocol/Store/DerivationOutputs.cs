using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// What a derivation says of its outputs, and which outputs of other derivations it is built from.
/// Nix: src/libstore/derivations.cc, parseDerivation.
/// </summary>
public sealed record DerivationOutputs
{
    /// <summary>The path of each output by its name, in ascending order; null for one that is known only after the build.</summary>
    public required IReadOnlyDictionary<string, StorePath?> Outputs { get; init; }

    /// <summary>The wanted outputs of each input derivation.</summary>
    public required IReadOnlyDictionary<StorePath, IReadOnlyList<string>> InputDerivations { get; init; }

    /// <summary>Reads the content of a <c>.drv</c> file; all of it must be well-formed, and nothing may follow.</summary>
    /// <exception cref="FormatException">It is something else, or a derivation with dynamic inputs (an experiment of Nix).</exception>
    public static DerivationOutputs Parse(ReadOnlySpan<byte> aterm, StoreDirectory directory)
    {
        // Derive(outputs, input derivations, input sources, system, builder, arguments, environment)
        ATermReader reader = new(aterm);
        reader.Expect("Derive("u8);
        SortedDictionary<string, StorePath?> outputs = ReadOutputs(ref reader, directory);
        reader.Expect(","u8);
        Dictionary<StorePath, IReadOnlyList<string>> inputs = ReadInputDerivations(ref reader, directory);
        reader.Expect(","u8);
        reader.SkipStrings();
        reader.Expect(","u8);
        reader.SkipString();
        reader.Expect(","u8);
        reader.SkipString();
        reader.Expect(","u8);
        reader.SkipStrings();
        reader.Expect(","u8);
        SkipEnvironment(ref reader);
        reader.Expect(")"u8);
        reader.ExpectEnd();
        return new DerivationOutputs { Outputs = outputs, InputDerivations = inputs };
    }

    // [(name, path or "", hash algorithm or "", hash or ""), …]
    private static SortedDictionary<string, StorePath?> ReadOutputs(ref ATermReader reader, StoreDirectory directory)
    {
        SortedDictionary<string, StorePath?> outputs = new(StringComparer.Ordinal);
        reader.Expect("["u8);
        bool isFirst = true;
        while (reader.NextElement(ref isFirst, (byte)']'))
        {
            reader.Expect("("u8);
            string name = reader.ReadString();
            reader.Expect(","u8);
            string path = reader.ReadString();
            reader.Expect(","u8);
            reader.SkipString();
            reader.Expect(","u8);
            reader.SkipString();
            reader.Expect(")"u8);
            if (!outputs.TryAdd(name, path.Length == 0 ? null : directory.ParsePath(path)))
            {
                throw reader.Fault($"expected no second output {Excerpt.Of(name)}");
            }
        }

        return outputs;
    }

    // [(path, [output, …]), …]
    private static Dictionary<StorePath, IReadOnlyList<string>> ReadInputDerivations(ref ATermReader reader, StoreDirectory directory)
    {
        Dictionary<StorePath, IReadOnlyList<string>> inputs = [];
        reader.Expect("["u8);
        bool isFirst = true;
        while (reader.NextElement(ref isFirst, (byte)']'))
        {
            reader.Expect("("u8);
            StorePath path = directory.ParsePath(reader.ReadString());
            reader.Expect(","u8);
            List<string> wanted = reader.ReadStrings();
            reader.Expect(")"u8);
            if (!inputs.TryAdd(path, wanted))
            {
                throw reader.Fault($"expected no second input '{path}'");
            }
        }

        return inputs;
    }

    // [(name, value), …]
    private static void SkipEnvironment(ref ATermReader reader)
    {
        reader.Expect("["u8);
        bool isFirst = true;
        while (reader.NextElement(ref isFirst, (byte)']'))
        {
            reader.Expect("("u8);
            reader.SkipString();
            reader.Expect(","u8);
            reader.SkipString();
            reader.Expect(")"u8);
        }
    }
}
