namespace Harmonia.Cache.Pages;

/// <summary>Why paths can't be served now.</summary>
/// <param name="What">The general reason, for everybody.</param>
/// <param name="Remedy">What whoever runs the cache can do.</param>
public sealed record StoreProblem(string What, string Remedy);
