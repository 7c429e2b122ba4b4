namespace Harmonia.Cache.Configuration;

/// <summary>The level of one part of the program.</summary>
/// <param name="Category">What the names of its loggers begin with: <c>Harmonia.Cache.Catalog</c>.</param>
/// <param name="Level">From which level on its messages are kept.</param>
public readonly record struct LogDirective(string Category, LogLevel Level);
