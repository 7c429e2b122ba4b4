using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>
/// What a daemon says about paths: size, age, references. Paths have numbers, so that a store with 100,000 of them takes tens of megabytes.
/// </summary>
internal sealed class StoreSnapshot
{
    private const int NoPath = -1;

    private readonly Dictionary<StorePath, int> _numbers = [];
    private readonly List<StorePath> _paths = [];
    private readonly Dictionary<int, Entry> _entries = [];

    /// <summary>All paths that were asked for and are valid.</summary>
    public IEnumerable<StorePath> Paths => _entries.Keys.Select(number => _paths[number]);

    /// <summary>Asks for paths that are not known yet. Those that are not valid any more are left out.</summary>
    /// <param name="daemon">Who is asked: Harmonia's daemon for many at once, Nix' for one after the other.</param>
    /// <param name="paths">The paths.</param>
    /// <param name="progress">Gets the number of the paths so far.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    public async Task AddAsync(DaemonClient daemon, IReadOnlyList<StorePath> paths, Action<int, int> progress, CancellationToken cancellationToken)
    {
        List<StorePath> unknown = [.. paths.Where(path => !IsKnown(path))];
        int done = 0;
        foreach (StorePath[] part in unknown.Chunk(daemon.HasHarmoniaCache ? DaemonClient.MaxHashParts : 1))
        {
            if (daemon.HasHarmoniaCache)
            {
                foreach (ValidPathInfo? found in await daemon.QueryPathInfosAsync([.. part.Select(path => path.Hash)], cancellationToken))
                {
                    if (found is not null)
                    {
                        Add(found.Path, found.Info);
                    }
                }
            }
            else if (await daemon.QueryPathInfoAsync(part[0], cancellationToken) is UnkeyedValidPathInfo info)
            {
                Add(part[0], info);
            }

            done += part.Length;
            progress(done, unknown.Count);
        }
    }

    /// <summary>The size of a path's NAR; null if it is not known.</summary>
    public long? FindNarSize(StorePath path) => Find(path)?.NarSize;

    /// <summary>Whether a path became valid at or after a time.</summary>
    public bool IsSince(StorePath path, DateTimeOffset time) => Find(path) is Entry entry && entry.Registered >= time.ToUnixTimeSeconds();

    /// <summary>The known paths that these keep, themselves included.</summary>
    /// <param name="roots">Where to begin; paths that are not known keep nothing.</param>
    /// <param name="derivers">Whether a path keeps the derivation that it was built from.</param>
    /// <param name="outputs">The outputs that each derivation keeps.</param>
    public HashSet<StorePath> Closure(
        IEnumerable<StorePath> roots, bool derivers, IReadOnlyDictionary<StorePath, IReadOnlyList<StorePath>> outputs)
    {
        HashSet<StorePath> found = [];
        Stack<StorePath> left = new(roots);
        while (left.TryPop(out StorePath? path))
        {
            if (Find(path) is not Entry entry || !found.Add(path))
            {
                continue;
            }

            foreach (int reference in entry.References)
            {
                left.Push(_paths[reference]);
            }

            if (derivers && entry.Deriver != NoPath)
            {
                left.Push(_paths[entry.Deriver]);
            }

            foreach (StorePath output in outputs.GetValueOrDefault(path) ?? [])
            {
                left.Push(output);
            }
        }

        return found;
    }

    private bool IsKnown(StorePath path) => Find(path) is not null;

    private Entry? Find(StorePath path) => _numbers.TryGetValue(path, out int number) ? _entries.GetValueOrDefault(number) : null;

    private void Add(StorePath path, UnkeyedValidPathInfo info) => _entries[NumberOf(path)] = new Entry(
        (long)info.RegistrationTime,
        (long)info.NarSize,
        info.Deriver is StorePath deriver ? NumberOf(deriver) : NoPath,
        [.. info.References.Select(NumberOf)]);

    private int NumberOf(StorePath path)
    {
        if (!_numbers.TryGetValue(path, out int number))
        {
            number = _paths.Count;
            _numbers.Add(path, number);
            _paths.Add(path);
        }

        return number;
    }

    private sealed record Entry(long Registered, long NarSize, int Deriver, int[] References);
}
