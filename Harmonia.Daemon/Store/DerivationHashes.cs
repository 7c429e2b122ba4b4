using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>
/// Hashes derivations, each with the hashes of its inputs in place of their paths. For one caller at a time. Nix: 2.34,
/// src/libstore/derivations.cc, hashDerivationModulo and staticOutputHashes.
/// </summary>
internal sealed class DerivationHashes(StoreFiles files, StoreDirectory directory)
{
    private const int MaxKnown = 200_000;

    /// <summary>
    /// The hash in base 16 of each derivation that was an input. It never changes, because the contents of a path never change.
    /// </summary>
    private readonly Dictionary<StorePath, string> _known = [];

    /// <summary>The hash that output paths are computed from. It is also the key of realisations up to Nix 2.34.</summary>
    /// <param name="derivation">The derivation; all its inputs must be in the store.</param>
    public Hash OfOutputs(Derivation derivation)
    {
        if (_known.Count > MaxKnown)
        {
            _known.Clear();
        }

        return derivation.IsFixed ? OfFixed(derivation.Outputs[0]) : derivation.HashModulo(InputsOf(derivation), maskOutputs: true);
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

    /// <summary>The hash of a valid derivation as an input. Not recursive, because the depth of inputs has no limit.</summary>
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

    private void Remember(StorePath path, Derivation derivation) =>
        _known[path] = (derivation.IsFixed ? OfFixed(derivation.Outputs[0]) : derivation.HashModulo(InputsOf(derivation), maskOutputs: false)).ToBase16();

    private Hash OfFixed(DerivationOutput output)
    {
        string path = output.Path is null ? "" : directory.Print(output.Path);
        return Hash.Of(HashAlgorithm.Sha256, Encoding.UTF8.GetBytes($"fixed:out:{output.HashAlgorithm}:{output.Hash}:{path}"));
    }
}
