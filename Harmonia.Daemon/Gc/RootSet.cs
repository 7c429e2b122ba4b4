using System.Text;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>A set of roots.</summary>
internal sealed class RootSet
{
    // Links are bytes. Each byte is one character, which also keeps their order.
    private readonly HashSet<(StorePath Target, string Link)> _roots = [];

    /// <summary>The paths that the roots keep.</summary>
    public IEnumerable<StorePath> Targets => _roots.Select(root => root.Target);

    /// <summary>All roots by target, then link.</summary>
    public IReadOnlyList<GcRoot> Sorted =>
    [
        .. _roots.OrderBy(root => root.Target).ThenBy(root => root.Link, StringComparer.Ordinal)
            .Select(root => new GcRoot(Encoding.Latin1.GetBytes(root.Link), root.Target)),
    ];

    /// <summary>Adds a root.</summary>
    /// <param name="target">The path that it keeps, valid or not.</param>
    /// <param name="link">The file that is the root.</param>
    public void Add(StorePath target, ReadOnlySpan<byte> link) => _roots.Add((target, Encoding.Latin1.GetString(link)));

    public void Add(RootSet others) => _roots.UnionWith(others._roots);

    /// <summary>Hides where the roots are, because other users' processes are private.</summary>
    public void Censor()
    {
        List<StorePath> targets = [.. Targets];
        _roots.Clear();
        targets.ForEach(target => Add(target, "{censored}"u8));
    }

    /// <summary>Removes the roots of invalid paths.</summary>
    public void Retain(Predicate<StorePath> isValid) => _roots.RemoveWhere(root => !isValid(root.Target));
}
