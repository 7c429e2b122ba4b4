using System.Text;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Store;

/// <summary>
/// Reads the text of a derivation from beginning to end. Nix: src/libstore/derivations.cc, parseString and expect. Every method throws a
/// <see cref="FormatException"/> if it finds something else.
/// </summary>
internal ref struct ATermReader(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _position;

    /// <summary>The number of bytes that have been read.</summary>
    public readonly int Position => _position;

    /// <summary>Reads exactly these characters.</summary>
    public void Expect(ReadOnlySpan<byte> expected)
    {
        if (!_text[_position..].StartsWith(expected))
        {
            throw Fault($"expected '{Encoding.UTF8.GetString(expected)}'");
        }

        _position += expected.Length;
    }

    /// <summary>Whether a list has another element. Reads its comma or the end of the list. Called before every element.</summary>
    /// <param name="isFirst">Whether the list was just opened; false afterwards.</param>
    /// <param name="end">The closing bracket.</param>
    public bool NextElement(ref bool isFirst, byte end)
    {
        if (_position < _text.Length && _text[_position] == end)
        {
            _position++;
            return false;
        }

        if (!isFirst)
        {
            Expect(","u8);
        }

        isFirst = false;
        return true;
    }

    /// <summary>Reads a string. Strings that the store interprets are UTF-8.</summary>
    public string ReadString()
    {
        ReadOnlySpan<byte> quoted = TakeQuoted();
        if (!quoted.Contains((byte)'\\'))
        {
            return Decode(quoted);
        }

        byte[] plain = new byte[quoted.Length];
        int length = 0;
        for (int i = 0; i < quoted.Length; i++)
        {
            plain[length++] = quoted[i] != '\\' ? quoted[i] : quoted[++i] switch
            {
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                byte other => other,
            };
        }

        return Decode(plain.AsSpan(0, length));
    }

    /// <summary>Reads a string as it is written, with its escapes and without its quotation marks.</summary>
    public string ReadWritten() => Encoding.Latin1.GetString(TakeQuoted());

    /// <summary>Skips a string.</summary>
    public void SkipString() => _ = TakeQuoted();

    /// <summary>Reads a list of strings.</summary>
    public List<string> ReadStrings()
    {
        List<string> strings = [];
        Expect("["u8);
        bool isFirst = true;
        while (NextElement(ref isFirst, (byte)']'))
        {
            strings.Add(ReadString());
        }

        return strings;
    }

    /// <summary>Skips a list of strings.</summary>
    public void SkipStrings()
    {
        Expect("["u8);
        bool isFirst = true;
        while (NextElement(ref isFirst, (byte)']'))
        {
            SkipString();
        }
    }

    /// <summary>Checks that nothing is left.</summary>
    public readonly void ExpectEnd()
    {
        if (_position != _text.Length)
        {
            throw Fault("expected the end");
        }
    }

    /// <summary>The exception for the text at the current position.</summary>
    public readonly FormatException Fault(string problem) => new($"This is not a derivation: {problem} at byte {_position}.");

    // What is between the quotation marks, with its escapes.
    private ReadOnlySpan<byte> TakeQuoted()
    {
        Expect("\""u8);
        int start = _position;
        while (true)
        {
            int length = _text[_position..].IndexOfAny((byte)'"', (byte)'\\');
            if (length < 0 || (_text[_position + length] == '\\' && _position + length + 1 >= _text.Length))
            {
                throw Fault("expected the end of the string");
            }

            _position += length;
            if (_text[_position] == '"')
            {
                return _text[start.._position++];
            }

            _position += 2;
        }
    }

    private readonly string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.Encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Fault("expected UTF-8 in the string");
        }
    }
}
