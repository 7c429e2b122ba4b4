using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Gc;

/// <summary>Everything that keeps paths of one store. Nix: src/libstore/gc.cc, LocalStore::findRoots.</summary>
internal sealed class GcRootFinder(StoreDatabase database, string stateDirectory)
{
    private readonly StorePathFinder _paths = new(database.Directory);

    /// <summary>The roots of valid paths, and what processes keep for now, valid or not, by target, then link.</summary>
    /// <param name="censor">Whether to hide which processes those are.</param>
    /// <param name="log">Told what is odd.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public IReadOnlyList<GcRoot> FindAll(bool censor, Action<LogLevel, string> log, CancellationToken cancellationToken)
    {
        RootSet all = FindPermanent(log, cancellationToken);
        RootSet running = FindRuntime(cancellationToken);
        RootSet temporary = FindTemporary(log);
        if (censor)
        {
            running.Censor();
            temporary.Censor();
        }

        all.Add(running);
        all.Retain(database.IsValidPath);
        all.Add(temporary);
        return all.Sorted;
    }

    /// <summary>The targets of links that somebody made for good, valid or not.</summary>
    public RootSet FindPermanent(Action<LogLevel, string> log, CancellationToken cancellationToken) =>
        new PermanentRoots(stateDirectory, _paths, log).Find(cancellationToken);

    /// <summary>What running processes use, valid or not.</summary>
    public RootSet FindRuntime(CancellationToken cancellationToken) => new RuntimeRoots(_paths).Find(cancellationToken);

    /// <summary>What processes have asked to be kept while they run, valid or not.</summary>
    public RootSet FindTemporary(Action<LogLevel, string> log) => new LiveTempRoots(stateDirectory, _paths, log).Find();
}
