namespace Harmonia.Cache.Configuration;

/// <summary>The log level of one part of the program.</summary>
/// <param name="Category">The prefix of its logger names: <c>Harmonia.Cache.Catalog</c>.</param>
/// <param name="Level">The lowest level that is logged.</param>
public readonly record struct LogDirective(string Category, LogLevel Level);
