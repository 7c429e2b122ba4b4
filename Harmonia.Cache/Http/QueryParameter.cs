namespace Harmonia.Cache.Http;

/// <summary>One parameter of a query string: how often it is there, and its decoded value.</summary>
public readonly record struct QueryParameter
{
    /// <summary>True when the key is there at least once.</summary>
    public bool IsPresent { get; private init; }

    /// <summary>True when the key is there more than once, so that no value can be chosen.</summary>
    public bool IsDuplicate { get; private init; }

    /// <summary>The decoded value; empty for a key without one, null when the escapes of the value are broken.</summary>
    public string? Value { get; private init; }

    /// <summary>Looks one key up. Other keys are ignored, whatever they look like.</summary>
    public static QueryParameter Find(ReadOnlySpan<byte> query, ReadOnlySpan<byte> key)
    {
        QueryParameter found = default;
        while (!query.IsEmpty)
        {
            int end = query.IndexOf((byte)'&');
            ReadOnlySpan<byte> pair = end < 0 ? query : query[..end];
            query = end < 0 ? [] : query[(end + 1)..];

            int equals = pair.IndexOf((byte)'=');
            if (!IsKey(equals < 0 ? pair : pair[..equals], key))
                continue;
            if (found.IsPresent)
                return found with { IsDuplicate = true };
            found = new QueryParameter { IsPresent = true, Value = equals < 0 ? "" : Decode(pair[(equals + 1)..]) };
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
