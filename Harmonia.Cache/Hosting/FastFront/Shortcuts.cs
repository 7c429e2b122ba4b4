using System.Diagnostics.CodeAnalysis;
using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>Finds finished answers. A private cache has none: who asks is for the gate to look at.</summary>
/// <param name="shortcuts">Where they may be.</param>
/// <param name="access">Tells whether the cache is private at the moment.</param>
/// <param name="clientAddress">Tells whether it matters for whom a proxy asks.</param>
public sealed class Shortcuts(IEnumerable<IShortcut> shortcuts, AccessGate access, ClientAddress clientAddress)
{
    private readonly IShortcut[] _shortcuts = [.. shortcuts];

    /// <summary>The finished answer to a request, if there is one.</summary>
    public bool TryFind(
        in RequestHead head, [NotNullWhen(true)] out IShortcut? shortcut, [NotNullWhen(true)] out PreparedResponse? answer)
    {
        (shortcut, answer) = (null, null);
        if (access.IsPrivate || (head.IsForwarded && clientAddress.TrustsProxies))
            return false;
        foreach (IShortcut candidate in _shortcuts)
        {
            if (candidate.TryFind(head, out answer))
            {
                shortcut = candidate;
                return true;
            }
        }

        return false;
    }
}
