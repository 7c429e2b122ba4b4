using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>Reads derivations and finds the paths of their outputs, from the database and from the derivations' files.</summary>
internal sealed class Derivations(StoreDatabase database, StoreFiles files)
{
    private readonly DerivationHashes _hashes = new(files, database.Directory);
    private readonly Lock _gate = new();

    /// <summary>The path of each output by its name; null if it is not known yet.</summary>
    /// <exception cref="InvalidPathException">The derivation is not valid.</exception>
    public IReadOnlyDictionary<string, StorePath?> QueryOutputs(StorePath derivation)
    {
        IReadOnlyDictionary<string, StorePath> known = QueryStaticOutputs(derivation);
        if (known.Count > 0)
        {
            return known.ToDictionary(output => output.Key, output => (StorePath?)output.Value);
        }

        Derivation content = Read(derivation);
        string? hash = database.KnowsRealisationsByHash ? HashOf(content) : null;
        return content.Outputs.ToDictionary(
            output => output.Name,
            output => output.Path
                ?? database.QueryRealisation(new BuildTraceKey(derivation, output.Name))?.OutPath
                ?? (hash is null ? null : database.QueryRealisation(new DrvOutput(hash, output.Name))?.OutPath));
    }

    /// <summary>The outputs whose paths the derivation alone determines.</summary>
    /// <exception cref="InvalidPathException">The derivation is not valid.</exception>
    public IReadOnlyDictionary<string, StorePath> QueryStaticOutputs(StorePath derivation) =>
        database.QueryStaticOutputs(derivation) ?? throw new InvalidPathException(database.Directory, derivation);

    /// <summary>Whether all wanted outputs are known and valid.</summary>
    public bool IsRealised(IReadOnlyDictionary<string, StorePath?> outputs, OutputsSpec wanted) =>
        outputs.Where(output => wanted.IsAll || wanted.Names.Contains(output.Key))
            .All(output => output.Value is StorePath path && database.IsValidPath(path));

    /// <summary>Reads a derivation's file.</summary>
    /// <exception cref="InvalidPathException">The derivation is not valid.</exception>
    /// <exception cref="InvalidDataException">The file is not a derivation.</exception>
    public Derivation Read(StorePath derivation) => database.IsValidPath(derivation)
        ? files.ReadDerivation(derivation)
        : throw new InvalidPathException(database.Directory, derivation);

    private string HashOf(Derivation derivation)
    {
        lock (_gate)
        {
            return $"sha256:{_hashes.OfOutputs(derivation).ToBase16()}";
        }
    }
}
