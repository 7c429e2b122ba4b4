namespace Harmonia.Cache.Catalog;

/// <summary>Reads the values of a <see cref="PathRecord"/> one after the other.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes, NameTable names)
{
    private ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The next bytes.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = _bytes[..length];
        _bytes = _bytes[length..];
        return taken;
    }

    /// <summary>The next number: seven bits in a byte, the lowest first.</summary>
    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = _bytes[0];
            _bytes = _bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }

    /// <summary>The next name: a number from the table, or the name itself.</summary>
    public ReadOnlySpan<byte> Name()
    {
        ulong number = Number();
        return (number & 1) == 0 ? names[(int)(number >> 1)] : Take((int)(number >> 1));
    }

    /// <summary>The next text, which stands behind its length.</summary>
    public ReadOnlySpan<byte> Text() => Take((int)Number());
}
