using Harmonia.Cache.Configuration;
using Harmonia.Cache.Hosting;
using Harmonia.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

public sealed class LogLevelSwitchTests
{
    [TestCase("info", "Harmonia.Cache.Hosting.Router", LogLevel.Information)]
    [TestCase("warn,harmonia_cache=debug", "Harmonia.Cache.Hosting.Router", LogLevel.Debug)]
    [TestCase("warn,harmonia_cache=debug", "Another", LogLevel.Warning)]
    [TestCase("harmonia=trace,Harmonia.Cache.Catalog=error", "Harmonia.Cache.Catalog.DaemonCatalog", LogLevel.Error)]
    [TestCase("Harmonia.Cache.Catalog=error,harmonia=trace", "Harmonia.Cache.Catalog.DaemonCatalog", LogLevel.Error)]
    [TestCase("debug", "Microsoft.AspNetCore", LogLevel.Warning)]
    [TestCase("off", "Microsoft.AspNetCore", LogLevel.None)]
    [TestCase("debug,Microsoft=info", "Microsoft.AspNetCore", LogLevel.Information)]
    [TestCase("debug,microsoft=info", "Microsoft.AspNetCore", LogLevel.Information)]
    [TestCase("warn,HARMONIA.CACHE=debug", "Harmonia.Cache.Hosting.Router", LogLevel.Debug)]
    [TestCase("warn,Harmonia.Cache=debug,harmonia_cache=error", "Harmonia.Cache.Hosting.Router", LogLevel.Error)]
    [TestCase("warn,harmonia_cache=error,harmonia_cache=debug", "Harmonia.Cache.Hosting.Router", LogLevel.Debug)]
    [TestCase("info,actix_web=debug", "Harmonia.Cache.Access", LogLevel.Debug)]
    [TestCase("info,actix_web=debug", "Harmonia.Cache.Hosting.Router", LogLevel.Information)]
    [TestCase("info,actix_web::middleware=error", "Harmonia.Cache.Access", LogLevel.Error)]
    [TestCase("info,actix_web::middleware::logger=error", "Harmonia.Cache.Access", LogLevel.Error)]
    [TestCase("info,actix_web::middleware=error,actix_web=debug", "Harmonia.Cache.Access", LogLevel.Error)]
    [TestCase("actix_web=debug,harmonia_cache=warn", "Harmonia.Cache.Access", LogLevel.Debug)]
    [TestCase("info,actix_web::middleware::compress=error", "Harmonia.Cache.Access", LogLevel.Information)]
    public void The_longest_directive_that_fits_decides(string directives, string category, LogLevel expected)
    {
        Assert.That(LogDirectives.TryParse(directives, out LogLevel? level, out IReadOnlyList<LogDirective> list));
        LogLevelSwitch levels = new(new CacheOptions { LogLevel = level ?? LogLevel.Information, LogDirectives = list });
        using ILoggerFactory loggers = ServerLogging.Create(new CapturedLog(), levels);

        ILogger logger = loggers.CreateLogger(category);

        LogLevel[] kept = [.. Enum.GetValues<LogLevel>().Where(logger.IsEnabled).Append(LogLevel.None)];
        Assert.That(kept[0], Is.EqualTo(expected));
    }

    [Test]
    public void A_replaced_level_holds_at_once()
    {
        LogLevelSwitch levels = new(new CacheOptions { LogLevel = LogLevel.Error });
        using ILoggerFactory loggers = ServerLogging.Create(new CapturedLog(), levels);
        ILogger logger = loggers.CreateLogger("Harmonia.Cache");

        levels.Replace(new CacheOptions { LogLevel = LogLevel.Debug });

        Assert.That(logger.IsEnabled(LogLevel.Debug));
    }
}
