using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads <c>log_level</c>, <c>log_format</c> and RUST_LOG, which takes precedence over the file.</summary>
public static class LogOptionsReader
{
    private const string LevelKey = "log_level";

    private static readonly string[] Formats = ["text", "journald", "json"];

    public static CacheOptions Read(CacheOptions options, ConfigurationReader reader, CacheEnvironment environment)
    {
        if (reader.Choice("log_format", Formats) is { } format)
            options = options with { LogFormat = (LogFormat)Array.IndexOf(Formats, format) };
        if (reader.String(LevelKey) is { } text)
        {
            if (LogDirectives.TryParse(text, out LogLevel? level, out IReadOnlyList<LogDirective> directives))
                options = options with { LogLevel = level ?? options.LogLevel, LogDirectives = directives };
            else
                reader.Reject(LevelKey, $"expected one of '{string.Join("', '", LogLevelNames.All)}', but got \"{text}\"");
        }

        // harmonia (Rust) ignores a variable that it cannot parse.
        return environment.RustLog is { } variable
            && LogDirectives.TryParse(variable, out LogLevel? variableLevel, out IReadOnlyList<LogDirective> variableDirectives)
                ? options with { LogLevel = variableLevel ?? options.LogLevel, LogDirectives = variableDirectives }
                : options;
    }

    /// <summary>Returns the name of a format in the file.</summary>
    public static string Name(LogFormat format) => Formats[(int)format];
}
