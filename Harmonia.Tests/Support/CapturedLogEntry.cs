using Microsoft.Extensions.Logging;

namespace Harmonia.Tests.Support;

/// <summary>One message of a <see cref="CapturedLog"/>.</summary>
public sealed record CapturedLogEntry(LogLevel Level, int EventId, string Message, Exception? Exception);
