namespace Harmonia.Cache.Configuration;

/// <summary>Log levels by the names that Rust programs use for them.</summary>
public static class LogLevelNames
{
    public static ReadOnlySpan<string> All => Names;

    private static readonly string[] Names = ["trace", "debug", "info", "warn", "error", "off"];

    private static readonly LogLevel[] Levels =
        [LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.None];

    /// <summary>The level with a name, in any case; null when there is none.</summary>
    public static LogLevel? Find(string name)
    {
        int index = Array.FindIndex(Names, candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : Levels[index];
    }

    /// <summary>
    /// The level in RUST_LOG that goes for all modules: of <c>info,actix_web=debug</c> it is <c>info</c>. Null when there is none, as
    /// the other directives name modules of another program.
    /// </summary>
    public static LogLevel? FindInDirectives(string? directives) =>
        directives?.Split(',', StringSplitOptions.TrimEntries).Select(Find).LastOrDefault(level => level is not null);
}
