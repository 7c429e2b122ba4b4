namespace Harmonia.Cache.Http;

/// <summary>A kind of URL as the metrics know it.</summary>
/// <param name="Label">The value of the label <c>path</c>.</param>
/// <param name="Statuses">The usual ones, whose series exist before the first request.</param>
public sealed record HttpPath(string Label, params IReadOnlyList<int> Statuses);
