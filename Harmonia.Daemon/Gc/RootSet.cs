using System.Text;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>Roots as they are found, each once.</summary>
internal sealed class RootSet
{
    // Links are bytes: one character each, which also sorts like them.
    private readonly HashSet<(StorePath Target, string Link)> _roots = [];

    /// <summary>What is kept.</summary>
    public IEnumerable<StorePath> Targets => _roots.Select(root => root.Target);

    /// <summary>All roots by target, then link.</summary>
    public IReadOnlyList<GcRoot> Sorted =>
    [
        .. _roots.OrderBy(root => root.Target).ThenBy(root => root.Link, StringComparer.Ordinal)
            .Select(root => new GcRoot(Encoding.Latin1.GetBytes(root.Link), root.Target)),
    ];

    /// <summary>Adds a root.</summary>
    /// <param name="target">What it keeps, valid or not.</param>
    /// <param name="link">Where it is, in bytes.</param>
    public void Add(StorePath target, ReadOnlySpan<byte> link) => _roots.Add((target, Encoding.Latin1.GetString(link)));

    public void Add(RootSet others) => _roots.UnionWith(others._roots);

    /// <summary>Forgets what other people's processes are: a root only says that it is one.</summary>
    public void Censor()
    {
        List<StorePath> targets = [.. Targets];
        _roots.Clear();
        targets.ForEach(target => Add(target, "{censored}"u8));
    }

    /// <summary>Drops the roots of paths that are not valid.</summary>
    public void Retain(Predicate<StorePath> isValid) => _roots.RemoveWhere(root => !isValid(root.Target));
}
