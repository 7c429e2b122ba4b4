using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Gc;

/// <summary>Finds the garbage collector roots of one store. Nix: src/libstore/gc.cc, LocalStore::findRoots.</summary>
internal sealed class GcRootFinder(StoreDatabase database, string stateDirectory)
{
    private readonly StorePathFinder _paths = new(database.Directory);

    /// <summary>The roots of valid paths, and the temporary roots of valid and invalid ones, sorted by target, then link.</summary>
    /// <param name="censor">Whether to hide which processes hold roots.</param>
    /// <param name="log">Gets warnings.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public IReadOnlyList<GcRoot> FindAll(bool censor, Action<LogLevel, string> log, CancellationToken cancellationToken)
    {
        RootSet all = FindPermanent(log, cancellationToken);
        RootSet running = FindRuntime(out _, cancellationToken);
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

    /// <summary>The permanent roots of valid and invalid paths.</summary>
    public RootSet FindPermanent(Action<LogLevel, string> log, CancellationToken cancellationToken) => new PermanentRoots(
        [$"{stateDirectory}/gcroots", $"{stateDirectory}/profiles"], $"{stateDirectory}/gcroots/auto", _paths, log).Find(cancellationToken);

    /// <summary>The paths that running processes use, valid or not.</summary>
    /// <param name="hiddenProcess">A process whose files this one may not see; null if the paths are complete.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public RootSet FindRuntime(out string? hiddenProcess, CancellationToken cancellationToken)
    {
        RuntimeRoots roots = new(_paths);
        RootSet found = roots.Find(cancellationToken);
        hiddenProcess = roots.HiddenProcess;
        return found;
    }

    /// <summary>The temporary roots of running processes, of valid and invalid paths.</summary>
    public RootSet FindTemporary(Action<LogLevel, string> log) => new LiveTempRoots(stateDirectory, _paths, log).Find();
}
