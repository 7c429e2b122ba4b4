using System.Diagnostics.CodeAnalysis;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>A kind of URL with finished answers in memory.</summary>
public interface IShortcut
{
    /// <summary>The index of the kind in the metrics (RoutePaths).</summary>
    int MetricPath { get; }

    /// <summary>How many bodies are sent at once; null for any number. Whom there is no room for Kestrel refuses.</summary>
    ConcurrencyLimit? Bodies { get; }

    /// <summary>The finished answer to a request, if it is there and holds. Never waits, and never reads a file.</summary>
    bool TryFind(in RequestHead head, [NotNullWhen(true)] out PreparedResponse? answer);

    /// <summary>Counts an answer that was found and is sent.</summary>
    /// <param name="answer">Which.</param>
    /// <param name="path">What was asked for.</param>
    /// <param name="id">Whose it is.</param>
    void Count(PreparedResponse answer, ReadOnlySpan<byte> path, ShortRequestId id);
}
