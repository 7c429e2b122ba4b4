namespace Harmonia.Cache.Configuration;

/// <summary>
/// The syntax of RUST_LOG: levels and <c>target=level</c>, separated by commas. Targets of harmonia (Rust) and of the web server in it
/// name the same parts here. Targets of its other libraries are kept, but match nothing.
/// </summary>
public static class LogDirectives
{
    /// <summary>The category of the access log.</summary>
    public const string AccessCategory = "Harmonia.Cache.Access";

    private const string RustModuleSeparator = "::";

    /// <summary>Reads a text. If one part is not valid, the whole text is not.</summary>
    /// <param name="text">The text.</param>
    /// <param name="level">The level of all other parts, if the text has one. The last one counts.</param>
    /// <param name="directives">The levels of parts of the program.</param>
    public static bool TryParse(string text, out LogLevel? level, out IReadOnlyList<LogDirective> directives)
    {
        List<(string Target, LogLevel Level)> found = new();
        (level, directives) = (null, []);
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = part.Split('=', StringSplitOptions.TrimEntries);
            if (LogLevelNames.Find(sides[^1]) is not { } named || sides.Length > 2 || sides[0].Length == 0 || part.Contains('['))
                return false;
            if (sides.Length == 1)
                level = named;
            else
                found.Add((sides[0], named));
        }

        directives = [.. found.GroupBy(one => Category(one.Target), StringComparer.OrdinalIgnoreCase).Select(Decide)];
        return true;
    }

    /// <summary>Writes the text that <see cref="TryParse"/> reads back.</summary>
    public static string Print(LogLevel level, IReadOnlyList<LogDirective> directives) => string.Join(
        ',', directives.Select(directive => $"{directive.Category}={LogLevelNames.Of(directive.Level)}").Prepend(LogLevelNames.Of(level)));

    // Several targets may stand for one category. The longest is the most exact; of equal ones the last counts.
    private static LogDirective Decide(IGrouping<string, (string Target, LogLevel Level)> category) =>
        new(category.Key, category.Reverse().MaxBy(one => one.Target.Length).Level);

    private static string Category(string target) => target switch
    {
        "actix_web" or "actix_web::middleware" or "actix_web::middleware::logger" => AccessCategory,
        _ => target.Split(RustModuleSeparator)[0] switch
        {
            "harmonia" => "Harmonia",
            "harmonia_cache" => "Harmonia.Cache",
            _ => target,
        },
    };
}
