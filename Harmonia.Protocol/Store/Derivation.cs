using System.Text;

namespace Harmonia.Protocol.Store;

/// <summary>
/// A derivation, taken apart as far as is needed to compute the paths of its outputs. Strings other than names, paths and hashes are kept
/// as they are written. Nix: src/libstore/derivations.cc, parseDerivation, Derivation::unparse and hashDerivationModulo.
/// </summary>
public sealed class Derivation
{
    private readonly List<(string Name, string Value)> _environment = [];
    private string _middle = "";

    private Derivation(IReadOnlyList<DerivationOutput> outputs, IReadOnlyDictionary<StorePath, IReadOnlyList<string>> inputs) =>
        (Outputs, InputDerivations) = (outputs, inputs);

    /// <summary>The outputs, in the order of the text.</summary>
    public IReadOnlyList<DerivationOutput> Outputs { get; }

    /// <summary>The wanted outputs of each input derivation.</summary>
    public IReadOnlyDictionary<StorePath, IReadOnlyList<string>> InputDerivations { get; }

    /// <summary>Whether the content of its only output is known, so that its inputs don't matter.</summary>
    public bool IsFixed => Outputs is [{ IsFixed: true }];

    /// <summary>Reads the content of a <c>.drv</c> file; all of it must be well-formed, and nothing may follow.</summary>
    /// <exception cref="FormatException">It is something else, or a derivation with dynamic inputs (an experiment of Nix).</exception>
    public static Derivation Parse(ReadOnlySpan<byte> aterm, StoreDirectory directory)
    {
        DerivationOutputs summary = DerivationOutputs.Parse(aterm, directory);
        ATermReader reader = new(aterm);
        reader.Expect("Derive("u8);
        Derivation derivation = new(ReadOutputs(ref reader), summary.InputDerivations);
        reader.Expect(","u8);
        SkipInputs(ref reader);
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
        derivation._middle = Encoding.Latin1.GetString(aterm[start..reader.Position]);
        derivation.ReadEnvironment(ref reader);
        return derivation;
    }

    /// <summary>The value of a variable, as it is written; null when there is none.</summary>
    public string? EnvironmentValue(string name) => _environment.FirstOrDefault(variable => variable.Name == name).Value;

    /// <summary>Hashes the derivation with the hashes of its inputs in place of their paths.</summary>
    /// <param name="inputs">The wanted outputs by the hash of the derivation they are of, in base 16.</param>
    /// <param name="maskOutputs">Whether to leave its own output paths out, for the hash that they are computed from.</param>
    public Hash HashModulo(IReadOnlyDictionary<string, SortedSet<string>> inputs, bool maskOutputs)
    {
        StringBuilder text = new("Derive([");
        text.AppendJoin(',', Outputs.Select(output =>
            $"(\"{output.Name}\",\"{(maskOutputs ? "" : output.Path)}\",\"{output.HashAlgorithm}\",\"{output.Hash}\")"));
        text.Append("],[");
        text.AppendJoin(',', inputs.OrderBy(input => input.Key, StringComparer.Ordinal).Select(input =>
            $"(\"{input.Key}\",[{string.Join(',', input.Value.Select(output => $"\"{output}\""))}])"));
        text.Append(']').Append(_middle).Append('[');
        text.AppendJoin(',', _environment.Select(variable =>
            $"(\"{variable.Name}\",\"{(maskOutputs && Outputs.Any(output => output.Name == variable.Name) ? "" : variable.Value)}\")"));
        text.Append("])");
        return Hash.Of(HashAlgorithm.Sha256, Encoding.Latin1.GetBytes(text.ToString()));
    }

    private static List<DerivationOutput> ReadOutputs(ref ATermReader reader)
    {
        List<DerivationOutput> outputs = [];
        reader.Expect("["u8);
        bool isFirst = true;
        while (reader.NextElement(ref isFirst, (byte)']'))
        {
            reader.Expect("("u8);
            string name = reader.ReadWritten();
            reader.Expect(","u8);
            string path = reader.ReadWritten();
            reader.Expect(","u8);
            string algorithm = reader.ReadWritten();
            reader.Expect(","u8);
            outputs.Add(new DerivationOutput(name, path, algorithm, reader.ReadWritten()));
            reader.Expect(")"u8);
        }

        return outputs;
    }

    private static void SkipInputs(ref ATermReader reader)
    {
        reader.Expect("["u8);
        bool isFirst = true;
        while (reader.NextElement(ref isFirst, (byte)']'))
        {
            reader.Expect("("u8);
            reader.SkipString();
            reader.Expect(","u8);
            reader.SkipStrings();
            reader.Expect(")"u8);
        }
    }

    private void ReadEnvironment(ref ATermReader reader)
    {
        reader.Expect("["u8);
        bool isFirst = true;
        while (reader.NextElement(ref isFirst, (byte)']'))
        {
            reader.Expect("("u8);
            string name = reader.ReadWritten();
            reader.Expect(","u8);
            _environment.Add((name, reader.ReadWritten()));
            reader.Expect(")"u8);
        }
    }
}
