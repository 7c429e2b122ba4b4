using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>
/// Makes sure that a derivation claims no outputs but its own: whoever could make one lie could have anything built in their place.
/// For one caller at a time. Nix: src/libstore/derivations.cc, Derivation::checkInvariants and hashDerivationModulo.
/// </summary>
internal sealed class DerivationCheck(StoreFiles files, StoreDirectory directory)
{
    private const int MaxKnown = 200_000;

    /// <summary>The hash of each derivation that was an input, in base 16. What a path holds never changes.</summary>
    private readonly Dictionary<StorePath, string> _known = [];

    /// <summary>Checks a derivation whose files, and whose inputs' files, are in their places; returns the paths it makes.</summary>
    /// <exception cref="RefusedException">It claims what it may not.</exception>
    /// <exception cref="InvalidDataException">It is not a derivation.</exception>
    public IEnumerable<DerivationOutput> Check(StorePath path)
    {
        if (_known.Count > MaxKnown)
        {
            _known.Clear();
        }

        Derivation derivation = files.ReadDerivation(path);
        string name = path.Name[..^".drv".Length].ToString();
        Hash? hash = null;
        foreach (DerivationOutput output in derivation.Outputs.Where(output => output.IsInputAddressed || output.IsFixed))
        {
            if (!output.IsFixed)
            {
                hash ??= derivation.HashModulo(InputsOf(derivation), maskOutputs: true);
            }

            StorePath expected = PathOf(path, name, output, hash);
            string computed = directory.Print(expected);
            if (output.Path != expected)
            {
                string claimed = output.Path is null ? "" : directory.Print(output.Path);
                throw new RefusedException(
                    $"derivation '{directory.Print(path)}' has incorrect output '{claimed}', should be '{computed}'");
            }

            if (derivation.EnvironmentValue(output.Name) != computed)
            {
                throw new RefusedException(
                    $"derivation '{directory.Print(path)}' has incorrect environment variable '{output.Name}', should be '{computed}'");
            }
        }

        return derivation.Outputs.Where(output => output.Path is not null);
    }

    private StorePath PathOf(StorePath derivation, string name, DerivationOutput output, Hash? hash)
    {
        try
        {
            if (!output.IsFixed)
            {
                return StorePathComputation.MakeOutputPath(directory, name, output.Name, hash!);
            }

            string outputName = output.Name == "out" ? name : $"{name}-{output.Name}";
            return StorePathComputation.MakeFixedOutputPath(directory, outputName, output.ContentAddress(), [], refersToSelf: false);
        }
        catch (FormatException exception)
        {
            throw new RefusedException($"derivation '{directory.Print(derivation)}' has incorrect output '{output.Name}': {exception.Message}");
        }
    }

    private Dictionary<string, SortedSet<string>> InputsOf(Derivation derivation)
    {
        Dictionary<string, SortedSet<string>> inputs = new(StringComparer.Ordinal);
        foreach ((StorePath input, IReadOnlyList<string> outputs) in derivation.InputDerivations)
        {
            string hash = HashOf(input);
            if (!inputs.TryGetValue(hash, out SortedSet<string>? wanted))
            {
                inputs[hash] = wanted = new SortedSet<string>(StringComparer.Ordinal);
            }

            wanted.UnionWith(outputs);
        }

        return inputs;
    }

    /// <summary>The hash of a valid derivation as an input. Keeps its own stack: nothing bounds how deep inputs go.</summary>
    private string HashOf(StorePath path)
    {
        Stack<(StorePath Path, Derivation Derivation)> open = new();
        Visit(path);
        while (open.TryPeek(out (StorePath Path, Derivation Derivation) top))
        {
            StorePath? next = top.Derivation.IsFixed ? null : top.Derivation.InputDerivations.Keys.FirstOrDefault(input => !_known.ContainsKey(input));
            if (next is null)
            {
                Remember(top.Path, top.Derivation);
                _ = open.Pop();
            }
            else
            {
                Visit(next);
            }
        }

        return _known[path];

        void Visit(StorePath input)
        {
            if (!_known.ContainsKey(input))
            {
                open.Push((input, files.ReadDerivation(input)));
            }
        }
    }

    private void Remember(StorePath path, Derivation derivation)
    {
        Hash hash = derivation.Outputs is [{ IsFixed: true } output]
            ? Hash.Of(HashAlgorithm.Sha256, Encoding.UTF8.GetBytes($"fixed:out:{output.HashAlgorithm}:{output.Hash}:{(output.Path is null ? "" : directory.Print(output.Path))}"))
            : derivation.HashModulo(InputsOf(derivation), maskOutputs: false);
        _known[path] = hash.ToBase16();
    }
}
