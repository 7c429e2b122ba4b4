using System.Text;

namespace Harmonia.Protocol.Configuration;

/// <summary>A place in the text that only moves forward, and the errors seen from there.</summary>
/// <param name="text">Valid UTF-16 without byte order mark.</param>
/// <param name="fileName">The name that positions carry.</param>
internal sealed class TomlCursor(string text, string fileName)
{
    /// <summary>What <see cref="Peek"/> gives behind the last character. It is no character of a TOML text.</summary>
    public const char End = '\0';

    private int _index;
    private int _line = 1;
    private int _column = 1;

    public bool AtEnd => _index == text.Length;

    public TomlPosition Position => new(fileName, _line, _column);

    /// <summary>The character that many places ahead, or <see cref="End"/>.</summary>
    public char Peek(int ahead = 0) => _index + ahead < text.Length ? text[_index + ahead] : End;

    public bool LooksAt(string expected) => text.AsSpan(_index).StartsWith(expected, StringComparison.Ordinal);

    /// <summary>Takes one UTF-16 unit. LF ends a line; the second half of a surrogate pair adds no column.</summary>
    public char Take()
    {
        char taken = text[_index++];
        if (taken == '\n')
        {
            (_line, _column) = (_line + 1, 1);
        }
        else if (!char.IsLowSurrogate(taken))
        {
            _column++;
        }

        return taken;
    }

    public void Take(int count)
    {
        for (int taken = 0; taken < count; taken++)
        {
            Take();
        }
    }

    public bool TryTake(char expected)
    {
        if (AtEnd || Peek() != expected)
        {
            return false;
        }

        Take();
        return true;
    }

    public void Expect(char expected, string description)
    {
        if (!TryTake(expected))
        {
            throw Unexpected(description);
        }
    }

    /// <summary>Takes all characters in a row that belong to <paramref name="set"/>; may be none.</summary>
    public string TakeWhile(Func<char, bool> set)
    {
        int start = _index;
        while (!AtEnd && set(Peek()))
        {
            Take();
        }

        return text[start.._index];
    }

    public void SkipToEnd() => Take(text.Length - _index);

    public void SkipWhitespace()
    {
        while (Peek() is ' ' or '\t')
        {
            Take();
        }
    }

    /// <summary>Takes LF or CRLF.</summary>
    public bool TryTakeNewline()
    {
        if (Peek() == '\r' && Peek(1) == '\n')
        {
            Take(2);
            return true;
        }

        return TryTake('\n');
    }

    /// <summary>Takes a comment up to, and without, the end of its line.</summary>
    public void SkipComment()
    {
        if (!TryTake('#'))
        {
            return;
        }

        while (!AtEnd && !AtNewline)
        {
            TakePrintable("a comment");
        }
    }

    public void SkipWhitespaceCommentsAndNewlines()
    {
        do
        {
            SkipWhitespace();
            SkipComment();
        }
        while (TryTakeNewline());
    }

    /// <summary>Takes a character that is no control character but tab.</summary>
    public char TakePrintable(string where) => Peek() is (< ' ' and not '\t') or '\x7F'
        ? throw Unexpected($"a character that is allowed in {where}")
        : Take();

    /// <summary>The character ahead is not what the grammar wants here.</summary>
    public TomlException Unexpected(string expected) => new(Position, $"expected {expected}, but got {DescribeNext()}");

    public bool AtNewline => Peek() == '\n' || (Peek() == '\r' && Peek(1) == '\n');

    private string DescribeNext()
    {
        if (AtEnd)
        {
            return "the end of the file";
        }

        if (AtNewline)
        {
            return "the end of the line";
        }

        Rune next = Rune.GetRuneAt(text, _index);
        return Rune.IsControl(next) ? $"the control character U+{next.Value:X4}" : $"'{next}'";
    }
}
