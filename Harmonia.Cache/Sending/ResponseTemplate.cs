using System.Buffers.Text;
using System.Text;
using Harmonia.Cache.Http;

namespace Harmonia.Cache.Sending;

/// <summary>
/// The heads of responses that differ only in their length, their tag and the value of one header. <see cref="ResponseHead"/> writes the
/// first; to write each anew would take several strings for each.
/// </summary>
public sealed class ResponseTemplate
{
    private const int MaxDigits = 10;
    private const int TagDigits = 2 * EntityTag.DigestLength;

    private readonly ResponseHead _head;
    private readonly string _name;
    private readonly byte[] _bytes;
    private readonly int _connectionAt;
    private readonly int _dateAt;
    private readonly int _tagAt;
    private readonly int _idAt;

    /// <param name="representation">What the responses share.</param>
    /// <param name="name">The name of the header whose value differs.</param>
    public ResponseTemplate(in Representation representation, string name)
    {
        _name = name;
        EntityTag tag = EntityTag.OfDigest(new byte[EntityTag.DigestLength]);
        Representation first = representation with { Size = 0, Tag = tag, Others = [new HeaderLine(name, "")] };
        _head = ResponseHead.Of(Selection.Of(new SelectingHeaders { IsGet = true }, first));
        _bytes = _head.ToBytes(out _connectionAt, out _dateAt, out _idAt);
        _tagAt = _bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(tag.Text)) + 1;
    }

    private static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    private static int EndOfLine => EndOfHead.Length / 2;

    /// <summary>The bytes of a head, with blanks as those of <see cref="ResponseHead.ToBytes"/>.</summary>
    /// <param name="length">The length of the body.</param>
    /// <param name="digest">The digest that the tag shows.</param>
    /// <param name="value">The value of the header that differs: ASCII on one line.</param>
    /// <param name="connectionAt">Where <see cref="ResponseHead.Closing"/> belongs.</param>
    /// <param name="dateAt">Where the date begins.</param>
    /// <param name="idAt">Where the id begins.</param>
    public byte[] Fill(int length, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> value, out int connectionAt, out int dateAt, out int idAt)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        Utf8Formatter.TryFormat(length, digits, out int count);
        // The first has one digit.
        int shift = count - 1;
        int digitsAt = _connectionAt - EndOfLine - 1;
        (connectionAt, dateAt, idAt) = (_connectionAt + shift, _dateAt + shift, _idAt + shift);
        byte[] filled = new byte[_bytes.Length + shift + value.Length];
        _bytes.AsSpan(0, digitsAt).CopyTo(filled);
        digits[..count].CopyTo(filled.AsSpan(digitsAt));
        _bytes.AsSpan(digitsAt + 1).CopyTo(filled.AsSpan(digitsAt + count));
        Convert.TryToHexStringLower(digest, filled.AsSpan(_tagAt + shift, TagDigits), out _);
        value.CopyTo(filled.AsSpan(^(value.Length + EndOfHead.Length)..));
        EndOfHead.CopyTo(filled.AsSpan(^EndOfHead.Length..));
        return filled;
    }

    /// <summary>The head whose bytes <see cref="Fill"/> has written.</summary>
    /// <param name="filled">The bytes.</param>
    /// <param name="connectionAt">Where <see cref="ResponseHead.Closing"/> belongs in them.</param>
    /// <param name="length">The length of the body.</param>
    public ResponseHead Read(ReadOnlySpan<byte> filled, int connectionAt, int length)
    {
        int shift = connectionAt - _connectionAt;
        return _head with
        {
            Length = length,
            Tag = EntityTag.Strong(Encoding.ASCII.GetString(filled.Slice(_tagAt + shift, TagDigits))),
            Others = [new HeaderLine(_name, Encoding.ASCII.GetString(filled[(_bytes.Length + shift - EndOfHead.Length)..^EndOfHead.Length]))],
        };
    }
}
