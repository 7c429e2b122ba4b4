using Harmonia.Daemon.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Harmonia.Daemon.Commands;

/// <summary>The log on standard error, because standard output may belong to a client.</summary>
/// <remarks>
/// Put together by hand: <c>LoggerFactory.Create</c> finds the same parts through a dependency injection container, which took a quarter of
/// the CPU time from the start of the daemon to its first answer.
/// </remarks>
internal static class DaemonLogging
{
    /// <summary>Makes the loggers; dispose them, so that the last messages are written.</summary>
    /// <param name="minimum">Messages below this level are dropped.</param>
    /// <param name="format">How a message is written.</param>
    public static ILoggerFactory Create(LogLevel minimum, LogFormat format)
    {
        bool isForJournal = format == LogFormat.Journald;
        ConsoleLoggerOptions options = new()
        {
            FormatterName = isForJournal ? ConsoleFormatterNames.Systemd : LogLine.Format,
            LogToStandardErrorThreshold = LogLevel.Trace,
        };
        // Without formatters it has those of the package.
        ConsoleLoggerProvider provider = new(new Fixed(options), isForJournal ? [] : [new LogLine(TimeProvider.System)]);
        // It disposes only providers that are added to it. The constructor's belong to a container.
        LoggerFactory loggers = new([], new LoggerFilterOptions { MinLevel = minimum });
        loggers.AddProvider(provider);
        return loggers;
    }

    /// <summary>Options that never change.</summary>
    private sealed class Fixed(ConsoleLoggerOptions options) : IOptionsMonitor<ConsoleLoggerOptions>
    {
        public ConsoleLoggerOptions CurrentValue => options;

        public ConsoleLoggerOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
    }
}
