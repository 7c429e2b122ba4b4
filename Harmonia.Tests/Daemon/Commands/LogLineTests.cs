using Harmonia.Daemon.Commands;
using Harmonia.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Commands;

public sealed class LogLineTests
{
    private readonly FakeTime _time = new();

    [TestCase(LogLevel.Debug, "dbug")]
    [TestCase(LogLevel.Information, "info")]
    [TestCase(LogLevel.Warning, "warn")]
    [TestCase(LogLevel.Error, "fail")]
    [TestCase(LogLevel.Critical, "crit")]
    public void A_message_is_a_line_with_its_time_level_category_and_event(LogLevel level, string name) =>
        Assert.That(Write(level, "listening", null), Is.EqualTo($"{_time.GetUtcNow():yyyy-MM-dd HH:mm:ss} {name}: harmonia-daemon[7] listening\n"));

    [Test]
    public void Line_breaks_in_a_message_and_the_exception_behind_it_stay_on_the_line() =>
        Assert.That(Write(LogLevel.Error, "it\nfailed", new IOException("no\nroom")), Does.EndWith("[7] it failed System.IO.IOException: no room\n"));

    private string Write(LogLevel level, string message, Exception? exception)
    {
        using StringWriter text = new();
        new LogLine(_time).Write(
            new LogEntry<string>(level, "harmonia-daemon", new EventId(7), message, exception, (state, _) => state), scopeProvider: null, text);
        return text.ToString();
    }
}
