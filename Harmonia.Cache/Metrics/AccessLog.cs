using Harmonia.Cache.Http;

namespace Harmonia.Cache.Metrics;

/// <summary>One line for each request, under a category of its own.</summary>
public sealed class AccessLog(ILoggerFactory loggers, LogLevel level, ClientAddress clientAddress)
{
    private readonly ILogger _logger = loggers.CreateLogger("Harmonia.Cache.Access");

    /// <summary>Writes the line of a request that has ended.</summary>
    public void Write(CacheRequest request, int status, long bytes, TimeSpan duration)
    {
        if (_logger.IsEnabled(level))
        {
            _logger.Answered(
                level, request.Method, request.Target, status, bytes, duration.TotalMilliseconds, request.ClientOf(clientAddress), request.Id);
        }
    }
}
