using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>
/// Checks that a derivation declares only the outputs that follow from it. Otherwise a false derivation could put anything in the place of
/// another one's outputs. For one caller at a time. Nix: src/libstore/derivations.cc, Derivation::checkInvariants.
/// </summary>
internal sealed class DerivationCheck(StoreFiles files, StoreDirectory directory)
{
    private readonly DerivationHashes _hashes = new(files, directory);

    /// <summary>Checks a derivation and returns its output paths. Its file and its inputs' files must be in the store.</summary>
    /// <exception cref="RefusedException">It declares an incorrect output.</exception>
    /// <exception cref="InvalidDataException">The file is not a derivation.</exception>
    public IEnumerable<DerivationOutput> Check(StorePath path)
    {
        Derivation derivation = files.ReadDerivation(path);
        string name = path.Name[..^".drv".Length].ToString();
        Hash? hash = null;
        foreach (DerivationOutput output in derivation.Outputs.Where(output => output.IsInputAddressed || output.IsFixed))
        {
            if (!output.IsFixed)
            {
                hash ??= _hashes.OfOutputs(derivation);
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
}
