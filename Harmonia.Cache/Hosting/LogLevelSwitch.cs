using Harmonia.Cache.Configuration;

namespace Harmonia.Cache.Hosting;

/// <summary>Which messages are kept; can be changed while the server runs.</summary>
public sealed class LogLevelSwitch(CacheOptions options)
{
    // Its messages about each request and each start repeat those of the cache.
    private const string Framework = "Microsoft";

    private volatile CacheOptions _options = options;

    public void Replace(CacheOptions options) => _options = options;

    public bool IsEnabled(string? category, LogLevel level) => level >= LevelOf(_options, category ?? "");

    private static LogLevel LevelOf(CacheOptions options, string category)
    {
        LogLevel level = options.LogLevel;
        if (category.StartsWith(Framework, StringComparison.Ordinal) && level < LogLevel.Warning)
            level = LogLevel.Warning;
        int longest = -1;
        foreach (LogDirective directive in options.LogDirectives)
        {
            if (directive.Category.Length > longest && category.StartsWith(directive.Category, StringComparison.Ordinal))
                (longest, level) = (directive.Category.Length, directive.Level);
        }

        return level;
    }
}
