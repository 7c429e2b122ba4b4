using System.Text;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// A derivation, parsed as far as the store needs it: its outputs, its input derivations, and the parts of its hash.
/// Nix: src/libstore/derivations.cc, parseDerivation, Derivation::unparse and hashDerivationModulo.
/// </summary>
public sealed class Derivation
{
    private readonly StoreDirectory _directory;

    // Sources, system, builder and arguments, with the commas around them; the variables with their escapes. One character for each byte.
    private readonly string _middle;
    private readonly IReadOnlyList<(string Name, string Value)> _environment;

    private Derivation(
        StoreDirectory directory, IReadOnlyList<DerivationOutput> outputs, IReadOnlyDictionary<StorePath, IReadOnlyList<string>> inputs,
        string middle, IReadOnlyList<(string Name, string Value)> environment)
    {
        (_directory, Outputs, InputDerivations) = (directory, outputs, inputs);
        (_middle, _environment) = (middle, environment);
    }

    /// <summary>The outputs by their names, in ascending order.</summary>
    public IReadOnlyList<DerivationOutput> Outputs { get; }

    /// <summary>The wanted outputs of each input derivation.</summary>
    public IReadOnlyDictionary<StorePath, IReadOnlyList<string>> InputDerivations { get; }

    /// <summary>Whether the content of its only output is fixed, so that its inputs don't matter.</summary>
    public bool IsFixed => Outputs is [{ IsFixed: true }];

    /// <summary>Reads the content of a <c>.drv</c> file. All of it must be well-formed, and nothing may follow.</summary>
    /// <exception cref="FormatException">It is something else, or has dynamic inputs, which are experimental in Nix.</exception>
    public static Derivation Parse(ReadOnlySpan<byte> aterm, StoreDirectory directory)
    {
        // Derive(outputs, input derivations, input sources, system, builder, arguments, environment)
        ATermReader reader = new(aterm);
        reader.Expect("Derive("u8);
        List<DerivationOutput> outputs = ReadOutputs(ref reader, directory);
        reader.Expect(","u8);
        Dictionary<StorePath, IReadOnlyList<string>> inputs = ReadInputDerivations(ref reader, directory);
        int start = reader.Position;
        reader.Expect(","u8);
        reader.SkipStrings();
        reader.Expect(","u8);
        reader.SkipString();
        reader.Expect(","u8);
        reader.SkipString();
        reader.Expect(","u8);
        reader.SkipStrings();
        reader.Expect(","u8);
        string middle = Encoding.Latin1.GetString(aterm[start..reader.Position]);
        List<(string Name, string Value)> environment = ReadEnvironment(ref reader);
        reader.Expect(")"u8);
        reader.ExpectEnd();
        return new Derivation(directory, outputs, inputs, middle, environment);
    }

    /// <summary>The value of a variable, as it is written; null when there is none.</summary>
    public string? EnvironmentValue(string name) => _environment.FirstOrDefault(variable => variable.Name == name).Value;

    /// <summary>Hashes the derivation with the hashes of its inputs in place of their paths.</summary>
    /// <param name="inputs">The wanted outputs, by the hash of their derivation in base 16.</param>
    /// <param name="maskOutputs">Whether to leave out its own output paths, for the hash from which they are computed.</param>
    public Hash HashModulo(IReadOnlyDictionary<string, SortedSet<string>> inputs, bool maskOutputs)
    {
        StringBuilder text = new("Derive([");
        text.AppendJoin(',', Outputs.Select(output =>
            $"(\"{output.Name}\",\"{(maskOutputs ? "" : Print(output.Path))}\",\"{output.HashAlgorithm}\",\"{output.Hash}\")"));
        text.Append("],[");
        text.AppendJoin(',', inputs.OrderBy(input => input.Key, StringComparer.Ordinal).Select(input =>
            $"(\"{input.Key}\",[{string.Join(',', input.Value.Select(output => $"\"{output}\""))}])"));
        text.Append(']').Append(_middle).Append('[');
        text.AppendJoin(',', _environment.Select(variable =>
            $"(\"{variable.Name}\",\"{(maskOutputs && Outputs.Any(output => output.Name == variable.Name) ? "" : variable.Value)}\")"));
        text.Append("])");
        return Hash.Of(HashAlgorithm.Sha256, Encoding.Latin1.GetBytes(text.ToString()));
    }

    // [(name, path or "", hash algorithm or "", hash or ""), …]
    private static List<DerivationOutput> ReadOutputs(ref ATermReader reader, StoreDirectory directory)
    {
        SortedDictionary<string, DerivationOutput> outputs = new(StringComparer.Ordinal);
        reader.Expect("["u8);
        bool isFirst = true;
        while (reader.NextElement(ref isFirst, (byte)']'))
        {
            reader.Expect("("u8);
            string name = reader.ReadString();
            reader.Expect(","u8);
            string path = reader.ReadString();
            reader.Expect(","u8);
            string algorithm = reader.ReadString();
            reader.Expect(","u8);
            string hash = reader.ReadString();
            reader.Expect(")"u8);
            if (!StorePathName.IsValid(name))
            {
                throw reader.Fault($"expected the name of an output, but got {Excerpt.Of(name)}");
            }

            DerivationOutput output = new(name, path.Length == 0 ? null : directory.ParsePath(path), algorithm, hash);
            if (!outputs.TryAdd(name, output))
            {
                throw reader.Fault($"expected no second output {Excerpt.Of(name)}");
            }
        }

        return [.. outputs.Values];
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
    private static List<(string Name, string Value)> ReadEnvironment(ref ATermReader reader)
    {
        List<(string Name, string Value)> environment = [];
        reader.Expect("["u8);
        bool isFirst = true;
        while (reader.NextElement(ref isFirst, (byte)']'))
        {
            reader.Expect("("u8);
            string name = reader.ReadWritten();
            reader.Expect(","u8);
            environment.Add((name, reader.ReadWritten()));
            reader.Expect(")"u8);
        }

        return environment;
    }

    private string Print(StorePath? path) => path is null ? "" : _directory.Print(path);
}
