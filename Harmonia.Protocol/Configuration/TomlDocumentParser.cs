namespace Harmonia.Protocol.Configuration;

/// <summary>Reads the lines of a document: key/value pairs, table headers, comments. One object reads one document.</summary>
internal sealed class TomlDocumentParser(TomlCursor cursor)
{
    private readonly TomlValueParser _values = new(cursor);
    private readonly TomlTable _root = new(cursor.Position, TomlTableOrigin.Header);

    public TomlTable Parse()
    {
        TomlTable table = _root;
        int depth = 0;
        while (true)
        {
            cursor.SkipWhitespaceCommentsAndNewlines();
            if (cursor.AtEnd)
            {
                return _root;
            }

            if (cursor.Peek() == '[')
            {
                (table, depth) = ParseHeader();
            }
            else
            {
                _values.ParseKeyValue(table, depth);
            }

            ExpectEndOfLine();
        }
    }

    private (TomlTable Table, int Depth) ParseHeader()
    {
        TomlPosition position = cursor.Position;
        bool isArray = cursor.LooksAt("[[");
        cursor.Take(isArray ? 2 : 1);
        cursor.SkipWhitespace();
        List<TomlKey> keys = TomlKeyParser.ParseDotted(cursor, depth: 0);
        cursor.Expect(']', "'.' or ']' after a table's name");
        if (isArray)
        {
            cursor.Expect(']', "']]' after the name of an array of tables");
        }

        TomlTable table = isArray
            ? TomlDefinitions.DefineArrayElement(_root, keys, position)
            : TomlDefinitions.DefineTable(_root, keys, position);
        return (table, keys.Count);
    }

    private void ExpectEndOfLine()
    {
        cursor.SkipWhitespace();
        cursor.SkipComment();
        if (!cursor.AtEnd && !cursor.TryTakeNewline())
        {
            throw cursor.Unexpected("the end of the line or a comment");
        }
    }
}
