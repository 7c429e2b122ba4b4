using Harmonia.Cache.Configuration;
using Microsoft.Extensions.Options;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// Which messages are kept; can be changed while the server runs. Each logger works its level out when it is made and after a change, so
/// that a message which nobody wants costs a comparison.
/// </summary>
public sealed class LogLevelSwitch(CacheOptions options) : IOptionsMonitor<LoggerFilterOptions>
{
    // Its messages about each request and each start repeat those of the cache.
    private const string Framework = "Microsoft";

    private volatile LoggerFilterOptions _current = FilterOf(options);
    private Action<LoggerFilterOptions, string?>? _changed;

    /// <inheritdoc/>
    public LoggerFilterOptions CurrentValue => _current;

    public void Replace(CacheOptions options)
    {
        _current = FilterOf(options);
        _changed?.Invoke(_current, null);
    }

    /// <inheritdoc/>
    public LoggerFilterOptions Get(string? name) => _current;

    /// <summary>Adds a factory of loggers, which lives as long as this.</summary>
    public IDisposable? OnChange(Action<LoggerFilterOptions, string?> listener)
    {
        _changed += listener;
        return null;
    }

    // The rule with the longest prefix of a logger's name decides. An asterisk, which is in no name, would stand for any text.
    private static LoggerFilterOptions FilterOf(CacheOptions options)
    {
        LoggerFilterOptions filter = new() { MinLevel = options.LogLevel };
        foreach (string category in options.LogDirectives.Select(directive => directive.Category).Append(Framework).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!category.Contains('*'))
                filter.AddFilter(category, LevelOf(options, category));
        }

        return filter;
    }

    private static LogLevel LevelOf(CacheOptions options, string category)
    {
        LogLevel level = options.LogLevel;
        if (category.StartsWith(Framework, StringComparison.OrdinalIgnoreCase) && level < LogLevel.Warning)
            level = LogLevel.Warning;
        int longest = -1;
        foreach (LogDirective directive in options.LogDirectives)
        {
            if (directive.Category.Length > longest && category.StartsWith(directive.Category, StringComparison.OrdinalIgnoreCase))
                (longest, level) = (directive.Category.Length, directive.Level);
        }

        return level;
    }
}
