using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Harmonia.Benchmarks.Servers.Commands;

/// <summary>Another server of the benchmark store, that someone else has started.</summary>
/// <param name="Name">As the tables show it.</param>
/// <param name="Url">Without a slash at the end.</param>
/// <param name="Process">The process whose CPU time counts, with its children.</param>
internal sealed record Peer(string Name, string Url, int Process)
{
    /// <summary>Reads <c>NAME=URL=PID</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Peer? peer)
    {
        peer = null;
        int nameEnd = text.IndexOf('=', StringComparison.Ordinal);
        int urlEnd = text.LastIndexOf('=');
        if (nameEnd <= 0 || urlEnd <= nameEnd)
            return false;
        string url = text[(nameEnd + 1)..urlEnd].TrimEnd('/');
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) || parsed.Scheme is not ("http" or "https"))
            return false;
        if (!int.TryParse(text.AsSpan(urlEnd + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int process) || process == 0)
            return false;
        peer = new Peer(text[..nameEnd], url, process);
        return true;
    }
}
