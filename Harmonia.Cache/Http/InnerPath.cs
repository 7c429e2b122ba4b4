namespace Harmonia.Cache.Http;

/// <summary>
/// The path of a URL below a directory, as names of bytes: each escape is decoded once, so an escaped slash never separates. Names are never
/// <c>.</c> or <c>..</c>, however they were written.
/// </summary>
public sealed class InnerPath
{
    private InnerPath(IReadOnlyList<byte[]> names, bool endsWithSlash) => (Names, EndsWithSlash) = (names, endsWithSlash);

    public IReadOnlyList<byte[]> Names { get; }

    public bool EndsWithSlash { get; }

    /// <summary>Reads what is empty or begins with a slash. Null when it can be the name of nothing. Doubled slashes count as one.</summary>
    public static InnerPath? Parse(ReadOnlySpan<byte> encoded)
    {
        List<byte[]> names = new();
        foreach (Range part in encoded.Split((byte)'/'))
        {
            ReadOnlySpan<byte> segment = encoded[part];
            if (segment.IsEmpty)
                continue;
            byte[] name = new byte[segment.Length];
            if (!PercentEncoding.TryDecode(segment, plusIsBlank: false, name, out int length) || !IsName(name.AsSpan(0, length)))
                return null;
            names.Add(name[..length]);
        }

        return new InnerPath(names, encoded is [.., (byte)'/']);
    }

    private static bool IsName(ReadOnlySpan<byte> name) =>
        !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && !name.ContainsAny((byte)'/', (byte)0);
}
