namespace Harmonia.Cache.Configuration;

/// <summary>The names that Rust programs use for log levels.</summary>
public static class LogLevelNames
{
    /// <summary>All names, from the level with the most messages to the level with none.</summary>
    public static IReadOnlyList<string> All => Names;

    private static readonly string[] Names = ["trace", "debug", "info", "warn", "error", "off"];

    private static readonly LogLevel[] Levels =
        [LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.None];

    /// <summary>Finds a level by its name, in upper or lower case; null if there is none.</summary>
    public static LogLevel? Find(string name)
    {
        int index = Array.FindIndex(Names, candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : Levels[index];
    }

    /// <summary>Returns the name of a level.</summary>
    public static string Of(LogLevel level) => Names[Array.IndexOf(Levels, level)];
}
