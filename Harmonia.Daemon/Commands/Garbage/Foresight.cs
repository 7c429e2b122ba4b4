using System.Text;
using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>
/// Finds what will be garbage once some generations are deleted: what they keep, and no other root does. The daemon cannot be asked about
/// that, because it only knows the roots that there are.
/// </summary>
internal sealed class Foresight(DaemonOptions options, DaemonClient daemon, StoreSnapshot snapshot, Action<int, int> progress)
{
    /// <summary>Returns the paths that are live now and will be dead.</summary>
    /// <param name="generations">What will be deleted.</param>
    /// <param name="dead">What is dead already.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    public async Task<IReadOnlyList<string>> FindAsync(
        IReadOnlyList<Generation> generations, IReadOnlyList<string> dead, CancellationToken cancellationToken)
    {
        if (generations.Count == 0)
        {
            return [];
        }

        HashSet<string> links = [.. generations.Select(generation => Encoding.Latin1.GetString(generation.Link.Span))];
        ILookup<bool, StorePath> roots = (await daemon.FindRootsAsync(cancellationToken))
            .ToLookup(root => links.Contains(Encoding.Latin1.GetString(root.Link.Span)), root => root.Target);
        await snapshot.AddAsync(daemon, await daemon.QueryAllValidPathsAsync(cancellationToken), progress, cancellationToken);
        Dictionary<StorePath, IReadOnlyList<StorePath>> outputs = await ReadOutputsAsync(cancellationToken);
        HashSet<StorePath> going = snapshot.Closure(roots[true], options.KeepDerivations, outputs);
        going.ExceptWith(snapshot.Closure(roots[false], options.KeepDerivations, outputs));
        return [.. going.Order().Select(options.StoreDirectory.Print).Except(dead)];
    }

    /// <summary>The outputs that derivations keep: none without keep-outputs.</summary>
    private async Task<Dictionary<StorePath, IReadOnlyList<StorePath>>> ReadOutputsAsync(CancellationToken cancellationToken)
    {
        Dictionary<StorePath, IReadOnlyList<StorePath>> outputs = [];
        foreach (StorePath derivation in snapshot.Paths.Where(path => options.KeepOutputs && path.IsDerivation))
        {
            outputs[derivation] = [.. (await daemon.QueryDerivationOutputMapAsync(derivation, cancellationToken)).Values.OfType<StorePath>()];
        }

        return outputs;
    }
}
