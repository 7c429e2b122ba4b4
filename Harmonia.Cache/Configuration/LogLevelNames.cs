namespace Harmonia.Cache.Configuration;

/// <summary>Log levels by the names that Rust programs use for them.</summary>
public static class LogLevelNames
{
    /// <summary>From the most messages to none.</summary>
    public static IReadOnlyList<string> All => Names;

    private static readonly string[] Names = ["trace", "debug", "info", "warn", "error", "off"];

    private static readonly LogLevel[] Levels =
        [LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.None];

    /// <summary>The level with a name, in any case; null when there is none.</summary>
    public static LogLevel? Find(string name)
    {
        int index = Array.FindIndex(Names, candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : Levels[index];
    }

    /// <summary>The name of a level.</summary>
    public static string Of(LogLevel level) => Names[Array.IndexOf(Levels, level)];
}
