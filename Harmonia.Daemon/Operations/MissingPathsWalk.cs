using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Finds out what is missing for certain paths, where nothing can be substituted. Goes from a derivation that has to be built to those
/// it needs. Nix: src/libstore/misc.cc, Store::queryMissing.
/// </summary>
internal sealed class MissingPathsWalk(OperationContext context)
{
    private readonly Queue<DerivedPath> _queue = new();
    private readonly HashSet<DerivedPath> _seen = [];
    private readonly SortedSet<StorePath> _willBuild = [];
    private readonly SortedSet<StorePath> _unknown = [];

    public MissingPaths Run(IEnumerable<DerivedPath> wanted)
    {
        foreach (DerivedPath path in wanted)
        {
            Enqueue(path);
        }

        while (_queue.TryDequeue(out DerivedPath? path))
        {
            switch (path)
            {
                case DerivedPath.Opaque opaque:
                    if (!context.Store.Database.IsValidPath(opaque.Path))
                    {
                        _unknown.Add(opaque.Path);
                    }

                    break;
                case DerivedPath.Built { Derivation: DerivedPath.Opaque derivation } built:
                    Visit(derivation.Path, built.Outputs);
                    break;
                case DerivedPath.Built built:
                    context.Client.Log(
                        LogLevel.Warn,
                        $"Ignoring dynamic derivation {built.Derivation.Print(context.Client.Messages.StoreDirectory)} while querying missing paths; not yet implemented");
                    break;
            }
        }

        return new MissingPaths { WillBuild = [.. _willBuild], Unknown = [.. _unknown] };
    }

    private void Visit(StorePath derivation, OutputsSpec wanted)
    {
        if (!context.Store.Database.IsValidPath(derivation))
        {
            _unknown.Add(derivation);
        }
        else if (!context.Store.Derivations.IsRealised(context.Store.Derivations.QueryOutputs(derivation), wanted) && _willBuild.Add(derivation))
        {
            foreach ((StorePath input, IReadOnlyList<string> outputs) in context.Store.Derivations.Read(derivation).InputDerivations)
            {
                if (outputs.Count > 0)
                {
                    Enqueue(new DerivedPath.Built(new DerivedPath.Opaque(input), OutputsSpec.Of(outputs)));
                }
            }
        }
    }

    private void Enqueue(DerivedPath path)
    {
        if (_seen.Add(path))
        {
            _queue.Enqueue(path);
        }
    }
}
