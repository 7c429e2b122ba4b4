namespace Harmonia.Cache.Http;

/// <summary>A parameter that a query string has.</summary>
/// <param name="Value">The decoded value; empty for a key without one, null when the escapes of the value are broken.</param>
/// <param name="IsDuplicate">True when the key is there more than once, so that no value can be chosen.</param>
public readonly record struct QueryParameter(string? Value, bool IsDuplicate)
{
    /// <summary>Looks one key up; null when it is not there. Other keys are ignored, whatever they look like.</summary>
    public static QueryParameter? Find(ReadOnlySpan<byte> query, ReadOnlySpan<byte> key)
    {
        QueryParameter? found = null;
        while (!query.IsEmpty)
        {
            int end = query.IndexOf((byte)'&');
            ReadOnlySpan<byte> pair = end < 0 ? query : query[..end];
            query = end < 0 ? [] : query[(end + 1)..];

            int equals = pair.IndexOf((byte)'=');
            if (!IsKey(equals < 0 ? pair : pair[..equals], key))
                continue;
            if (found is { } first)
                return first with { IsDuplicate = true };
            found = new QueryParameter(equals < 0 ? "" : Decode(pair[(equals + 1)..]), IsDuplicate: false);
        }

        return found;
    }

    private static bool IsKey(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> key)
    {
        if (!encoded.ContainsAny((byte)'%', (byte)'+'))
            return encoded.SequenceEqual(key);
        byte[] decoded = new byte[encoded.Length];
        return PercentEncoding.TryDecode(encoded, plusIsBlank: true, decoded, out int length) && key.SequenceEqual(decoded.AsSpan(0, length));
    }

    private static string? Decode(ReadOnlySpan<byte> encoded) =>
        PercentEncoding.TryDecode(encoded, plusIsBlank: true, out string? decoded) ? decoded : null;
}
