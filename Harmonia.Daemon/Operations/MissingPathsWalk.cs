using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Finds what has to be built for some paths when nothing can be substituted. Follows a derivation that has to be built to its input
/// derivations. Nix: src/libstore/misc.cc, Store::queryMissing.
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
                    string dynamic = built.Derivation.Print(context.Client.Messages.StoreDirectory);
                    context.Client.Log(LogLevel.Warn, $"Ignoring dynamic derivation {dynamic} while querying missing paths; not yet implemented");
                    break;
            }
        }

        return new MissingPaths { WillBuild = [.. _willBuild], Unknown = [.. _unknown] };
    }

    private void Visit(StorePath derivation, OutputsSpec wanted)
    {
        Derivations derivations = context.Store.Derivations;
        if (!context.Store.Database.IsValidPath(derivation))
        {
            _unknown.Add(derivation);
        }
        else if (!derivations.IsRealised(derivations.QueryOutputs(derivation), wanted) && _willBuild.Add(derivation))
        {
            foreach ((StorePath input, IReadOnlyList<string> outputs) in derivations.Read(derivation).InputDerivations)
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
