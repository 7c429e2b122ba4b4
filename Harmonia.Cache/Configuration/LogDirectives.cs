namespace Harmonia.Cache.Configuration;

/// <summary>
/// The syntax of RUST_LOG: levels and <c>target=level</c>, separated by commas. Targets of harmonia (Rust) name the same parts here.
/// Targets of its libraries are kept, but match nothing.
/// </summary>
public static class LogDirectives
{
    private const string RustModuleSeparator = "::";

    /// <summary>Reads a text. If one part is not valid, the whole text is not.</summary>
    /// <param name="text">The text.</param>
    /// <param name="level">The level of all other parts, if the text has one. The last one counts.</param>
    /// <param name="directives">The levels of parts of the program.</param>
    public static bool TryParse(string text, out LogLevel? level, out IReadOnlyList<LogDirective> directives)
    {
        List<LogDirective> found = new();
        (level, directives) = (null, found);
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = part.Split('=', StringSplitOptions.TrimEntries);
            if (LogLevelNames.Find(sides[^1]) is not { } named || sides.Length > 2 || sides[0].Length == 0 || part.Contains('['))
                return false;
            if (sides.Length == 1)
                level = named;
            else
                found.Add(new LogDirective(Category(sides[0]), named));
        }

        return true;
    }

    /// <summary>Writes the text that <see cref="TryParse"/> reads back.</summary>
    public static string Print(LogLevel level, IReadOnlyList<LogDirective> directives) => string.Join(
        ',', directives.Select(directive => $"{directive.Category}={LogLevelNames.Of(directive.Level)}").Prepend(LogLevelNames.Of(level)));

    private static string Category(string target) => target.Split(RustModuleSeparator)[0] switch
    {
        "harmonia" => "Harmonia",
        "harmonia_cache" => "Harmonia.Cache",
        _ => target,
    };
}
