using System.Text.RegularExpressions;
using Harmonia.Protocol.Primitives;
using Tomlyn.Syntax;

namespace Harmonia.Protocol.Configuration;

/// <summary>Puts Tomlyn's errors, which speak of tokens, into the words of all other errors: what was expected and what came.</summary>
internal static partial class SyntaxErrors
{
    /// <summary>The integers of TOML.</summary>
    public const string IntegerRange = "an integer from -2^63 to 2^63-1";

    /// <summary>The message for a string without its closing quote.</summary>
    public const string UnclosedString = "expected the closing quote of a string, but got the end of the file";

    private const int TimeoutMilliseconds = 10_000;

    // What Tomlyn says, and what was expected. The token at the place of the error is what came.
    private static readonly (string Part, string Expected)[] Expectations =
    [
        ("Expected end-of-line after value", "the end of the line after a value"),
        ("Expected end-of-line after table header", "the end of the line after a table header"),
        ("Expected `=` after key", "'.' or '=' after a key"),
        ("Expected `,` or `]` while parsing array", "',' or ']' after an array's item"),
        ("Expected `,` or `}` while parsing inline table", "',' or '}' after a value of an inline table"),
        ("Expected a key or `}` while parsing inline table", "a key or '}' in an inline table"),
        ("Expected `]` but", "'.' or ']' after a table's name"),
        ("Expected `]]` but", "'.' or ']]' after the name of an array of tables"),
        ("Missing value", "a value"),
        ("Unexpected end-of-file while parsing array", "',' or ']' after an array's item"),
        ("Unexpected end-of-file while parsing inline table", "',' or '}' after a value of an inline table"),
        ("Unexpected escape character", "one of b t n f r e \" \\ x u U after a backslash"),
        ("Unable to parse integer", IntegerRange),
        ("Unable to parse the date time", "a date or time that exists"),
        ("while parsing a value.", "a value (text needs quotes; true, false, inf and nan are lower-case)"),
        ("while parsing a key.", "a key"),
        ("while parsing TOML document.", "a key or a table header"),
    ];

    // Here Tomlyn's place is not that of what came.
    private static readonly (string Part, string Message)[] Messages =
    [
        ("Invalid End-Of-File found", UnclosedString),
        ("Invalid newline in a string", "expected the closing quote of a string, but got the end of the line"),
        ("Invalid control character found", "expected a string without control characters; write them like \\u001B"),
        ("Invalid \\r not followed by \\n", "expected LF or CRLF at the end of a line, but got CR alone"),
    ];

    /// <summary>Translates one error. An error that is not known here keeps Tomlyn's words.</summary>
    /// <param name="error">Tomlyn's error.</param>
    /// <param name="text">The document.</param>
    /// <param name="fileName">The name that positions carry.</param>
    public static ConfigurationError Translate(DiagnosticMessage error, string text, string fileName)
    {
        TextPosition start = error.Span.Start;
        FilePosition position = new(fileName, start.Line + 1, start.Column + 1);
        if (Redefinition().Match(error.Message) is { Success: true } match)
        {
            return new ConfigurationError(position, Printable(match.Groups["key"].Value), $"already defined in line {match.Groups["line"]}");
        }

        string message = Find(Expectations, error.Message) is string expected
            ? $"expected {expected}, but got {Found(text, error.Span)}"
            : Find(Messages, error.Message) ?? Printable(error.Message);
        return new ConfigurationError(position, Key: null, message);
    }

    private static string? Find((string Part, string Ours)[] translations, string message) =>
        translations.FirstOrDefault(translation => message.Contains(translation.Part, StringComparison.Ordinal)).Ours;

    private static string Found(string text, SourceSpan span)
    {
        if (span.Offset >= text.Length)
        {
            return "the end of the file";
        }

        return text[span.Offset] switch
        {
            '\n' or '\r' => "the end of the line",
            char control when char.IsControl(control) => $"the control character U+{(int)control:X4}",
            _ => Excerpt.Of(text.AsSpan(span.Offset, Math.Min(span.Length, text.Length - span.Offset))),
        };
    }

    // Tomlyn quotes the document, and an error is one line.
    private static string Printable(string text) =>
        string.Concat(text.Select(character => char.IsControl(character) ? '\uFFFD' : character));

    [GeneratedRegex(
        "^The key `(?<key>.*?)` is already defined at \\((?<line>[0-9]+),",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        TimeoutMilliseconds)]
    private static partial Regex Redefinition();
}
