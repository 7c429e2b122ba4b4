using Harmonia.Protocol.Primitives;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;
using Tomlyn.Text;

namespace Harmonia.Protocol.Configuration;

/// <summary>Reads TOML with Tomlyn and notes the place of each key and value, which Tomlyn's own model does not keep.</summary>
internal sealed class ConfigurationParser
{
    /// <summary>The limit on nested tables and arrays, the root included. No configuration needs it. It keeps the recursion short.</summary>
    public const int MaxDepth = 64;

    // One more than allowed here: this class refuses first, and names the place.
    private static readonly TomlSerializerOptions Options = new() { MaxDepth = MaxDepth + 1 };

    // Tomlyn takes U+FFFD for half of a surrogate pair and refuses it. Another character, which the text does not have, replaces it.
    private const char Replacement = '\uFFFD';
    private const char FirstNoncharacter = '\uFDD0';
    private const int Noncharacters = 32;

    private readonly char _standIn;
    private readonly string _text;
    private readonly string _fileName;
    private readonly TomlParser _parser;

    private ConfigurationParser(string text, string fileName)
    {
        _standIn = Enumerable.Range(FirstNoncharacter, Noncharacters).Select(code => (char)code)
            .FirstOrDefault(code => !text.Contains(code), Replacement);
        _text = text.Replace(Replacement, _standIn);
        _fileName = fileName;
        _parser = TomlParser.Create(_text, new TomlParserOptions { DecodeScalars = true }, Options);
    }

    /// <summary>Reads a document without a byte order mark.</summary>
    /// <returns>The root table.</returns>
    /// <exception cref="ConfigurationException">The text is not TOML, or defines a key twice.</exception>
    public static Dictionary<string, ConfigurationValue> Parse(string text, string fileName)
    {
        try
        {
            ConfigurationParser parser = new(text, fileName);
            Dictionary<string, ConfigurationValue> root = parser.ReadDocument();
            parser.RejectRedefinitions();
            return root;
        }
        catch (TomlException exception)
        {
            // The first error only: the others are often its consequences.
            throw new ConfigurationException([SyntaxErrors.Translate(exception.Diagnostics[0], text, fileName)]);
        }
        catch (ArgumentOutOfRangeException)
        {
            // Tomlyn 2.10.2 throws this if the document ends within an escape sequence.
            throw Error(FilePosition.EndOf(text, fileName), SyntaxErrors.UnclosedString);
        }
    }

    // TomlParser, whose errors are better to read, accepts keys and tables that are defined twice. SyntaxParser refuses them.
    private void RejectRedefinitions()
    {
        DocumentSyntax document = SyntaxParser.Parse(_text, Options, _fileName, validate: true);
        if (document.HasErrors)
        {
            throw new ConfigurationException(
                [.. document.Diagnostics.Select(diagnostic => SyntaxErrors.Translate(diagnostic, _text, _fileName))]);
        }
    }

    private Dictionary<string, ConfigurationValue> ReadDocument()
    {
        FilePosition start = new(_fileName, 1, 1);
        Dictionary<string, ConfigurationValue> root = NewTable();
        while (_parser.MoveNext())
        {
            if (_parser.Current.Kind == TomlParseEventKind.StartTable)
            {
                ReadTable(root, start);
            }
        }

        return root;
    }

    // A dotted key or a header may return to an earlier table. Its keys are added to the same dictionary.
    private Dictionary<string, ConfigurationValue> ReadTable(Dictionary<string, ConfigurationValue> table, FilePosition position)
    {
        while (Next(position) == TomlParseEventKind.PropertyName)
        {
            string key = Original(_parser.GetPropertyName());
            FilePosition keyPosition = PositionOr(position);
            Next(keyPosition);
            table[key] = ReadValue(keyPosition, table.GetValueOrDefault(key)?.Content as Dictionary<string, ConfigurationValue>);
        }

        return table;
    }

    private ConfigurationValue ReadValue(FilePosition keyPosition, Dictionary<string, ConfigurationValue>? openTable)
    {
        FilePosition position = PositionOr(keyPosition);
        TomlParseEvent current = _parser.Current;
        object content = current.Kind switch
        {
            TomlParseEventKind.StartTable => ReadTable(openTable ?? NewTable(), position),
            TomlParseEventKind.StartArray => ReadArray(keyPosition, position),
            TomlParseEventKind.Integer => ReadInteger(current, position),
            TomlParseEventKind.Float => current.GetDouble(),
            TomlParseEventKind.Boolean => current.GetBoolean(),
            TomlParseEventKind.DateTime => current.GetTomlDateTime(),
            _ => Original(_parser.GetString()),
        };
        return new ConfigurationValue(keyPosition, position, content);
    }

    private List<ConfigurationValue> ReadArray(FilePosition keyPosition, FilePosition position)
    {
        List<ConfigurationValue> items = [];
        while (Next(position) != TomlParseEventKind.EndArray)
        {
            items.Add(ReadValue(keyPosition, openTable: null));
        }

        return items;
    }

    // Tomlyn reads 0xFFFFFFFFFFFFFFFF as -1.
    private long ReadInteger(TomlParseEvent current, FilePosition position)
    {
        long number = current.GetInt64();
        TomlSourceSpan span = current.Span!.Value;
        return number >= 0 || _text[span.Offset] == '-'
            ? number
            : throw Error(position, $"expected {SyntaxErrors.IntegerRange}, but got {Excerpt.Of(_text.AsSpan(span.Offset, span.Length))}");
    }

    private TomlParseEventKind Next(FilePosition position)
    {
        _parser.MoveNext();
        return _parser.Depth <= MaxDepth
            ? _parser.Current.Kind
            : throw Error(PositionOr(position), $"expected at most {MaxDepth} nested tables and arrays, but got more");
    }

    // The events of tables without braces have no place of their own.
    private FilePosition PositionOr(FilePosition position) =>
        _parser.Current.Span is TomlSourceSpan span ? new FilePosition(_fileName, span.Start.Line + 1, span.Start.Column + 1) : position;

    private string Original(string text) => text.Replace(_standIn, Replacement);

    private static ConfigurationException Error(FilePosition position, string message) =>
        new([new ConfigurationError(position, Key: null, message)]);

    private static Dictionary<string, ConfigurationValue> NewTable() => new(StringComparer.Ordinal);
}
