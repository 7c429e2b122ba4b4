using Harmonia.Cache.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace Harmonia.Cache.Hosting;

/// <summary>The log: one line a message, to standard error.</summary>
public static class ServerLogging
{
    public static void Configure(ILoggingBuilder logging, LogFormat format, LogLevelSwitch levels)
    {
        logging.ClearProviders();
        // The switch alone decides, and it can be asked again for each message.
        logging.SetMinimumLevel(LogLevel.Trace);
        logging.AddFilter(levels.IsEnabled);
        switch (format)
        {
            case LogFormat.Journald:
                logging.AddSystemdConsole();
                break;
            case LogFormat.Json:
                logging.AddJsonConsole(console => console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
                logging.Services.Configure<JsonConsoleFormatterOptions>(console => console.UseUtcTimestamp = true);
                break;
            default:
                logging.AddSimpleConsole(console =>
                {
                    console.SingleLine = true;
                    console.ColorBehavior = LoggerColorBehavior.Disabled;
                });
                break;
        }

        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
