using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Harmonia.Cache.Hosting;

/// <summary>Writes a message as one line: level, category, event id, text and exception. systemd adds the time.</summary>
/// <remarks>The formatter of the package writes the same, but it can only be configured through a dependency injection container.</remarks>
public sealed class LogLine() : ConsoleFormatter(Format)
{
    /// <summary>The name of this format.</summary>
    public const string Format = "line";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(NameOf(logEntry.LogLevel));
        textWriter.Write(": ");
        textWriter.Write(logEntry.Category);
        textWriter.Write('[');
        textWriter.Write(logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture));
        textWriter.Write(']');
        Append(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        Append(textWriter, logEntry.Exception?.ToString());
        textWriter.Write('\n');
    }

    private static void Append(TextWriter line, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        line.Write(' ');
        line.Write(text.ReplaceLineEndings(" "));
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };
}
