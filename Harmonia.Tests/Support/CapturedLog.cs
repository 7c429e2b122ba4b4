using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Harmonia.Tests.Support;

/// <summary>Keeps all log messages, so that a test can check them or wait for them.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<CapturedLogEntry> _entries = new();
    private readonly Channel<CapturedLogEntry> _arriving = Channel.CreateUnbounded<CapturedLogEntry>();

    public IReadOnlyCollection<CapturedLogEntry> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    /// <summary>The logger for a part that is made by hand.</summary>
    public ILogger<T> For<T>() => new Logger<T>(new LoggerFactory([this], new LoggerFilterOptions { MinLevel = LogLevel.Trace }));

    /// <summary>Waits for the next message with this number. Others that came before it are passed over.</summary>
    public async Task<CapturedLogEntry> WaitForAsync(int eventId)
    {
        using CancellationTokenSource limit = new(Limit);
        while (true)
        {
            CapturedLogEntry entry = await _arriving.Reader.ReadAsync(limit.Token);
            if (entry.EventId == eventId)
                return entry;
        }
    }

    public void Dispose() => _arriving.Writer.TryComplete();

    private void Add(CapturedLogEntry entry)
    {
        _entries.Enqueue(entry);
        _arriving.Writer.TryWrite(entry);
    }

    private sealed class Logger(CapturedLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add(new CapturedLogEntry(logLevel, eventId.Id, formatter(state, exception), exception));
    }
}
