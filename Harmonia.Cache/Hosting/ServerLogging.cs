using Harmonia.Cache.Configuration;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Harmonia.Cache.Hosting;

/// <summary>The log: one line a message, to standard error.</summary>
/// <remarks>
/// Put together by hand where that is possible: a dependency injection container makes generic types at run time, which takes
/// milliseconds of the start.
/// </remarks>
public static class ServerLogging
{
    /// <summary>Makes the loggers; dispose them, so that the last messages are written.</summary>
    /// <param name="format">How a message is written.</param>
    /// <param name="levels">Which messages are kept.</param>
    public static ILoggerFactory Create(LogFormat format, LogLevelSwitch levels) => format switch
    {
        // The package's formatter has options that only a container can set.
        LogFormat.Json => LoggerFactory.Create(logging => ConfigureJson(logging, levels)),
        LogFormat.Journald => Create(Console(ConsoleFormatterNames.Systemd), levels),
        _ => Create(Console(LogLine.Format, new LogLine()), levels),
    };

    /// <summary>Makes the loggers of one provider.</summary>
    /// <param name="provider">Gets the messages; disposed with the loggers.</param>
    /// <param name="levels">Which messages are kept.</param>
    public static ILoggerFactory Create(ILoggerProvider provider, LogLevelSwitch levels)
    {
        // It disposes only providers that are added to it. The constructor's belong to a container.
        LoggerFactory loggers = new([], levels);
        loggers.AddProvider(provider);
        return loggers;
    }

    private static ConsoleLoggerProvider Console(string format, params ConsoleFormatter[] formatters)
    {
        ConsoleLoggerOptions options = new() { FormatterName = format };
        Configure(options);
        // Without formatters it has those of the package.
        return new ConsoleLoggerProvider(new FixedOptions(options), formatters);
    }

    private static void ConfigureJson(ILoggingBuilder logging, LogLevelSwitch levels)
    {
        logging.Services.AddSingleton<IOptionsMonitor<LoggerFilterOptions>>(levels);
        logging.AddJsonConsole(console =>
        {
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            console.UseUtcTimestamp = true;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(Configure);
    }

    private static void Configure(ConsoleLoggerOptions options) => options.LogToStandardErrorThreshold = LogLevel.Trace;

    private sealed class FixedOptions(ConsoleLoggerOptions options) : IOptionsMonitor<ConsoleLoggerOptions>
    {
        public ConsoleLoggerOptions CurrentValue => options;

        public ConsoleLoggerOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
    }
}
