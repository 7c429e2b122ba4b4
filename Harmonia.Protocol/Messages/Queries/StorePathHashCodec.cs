using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>Hash parts of store paths: the request of QueryPathInfosByHashPart, and part of the reply to AwaitStoreChange.</summary>
public static class StorePathHashCodec
{
    // Harmonia's own
    //   u64 count · strings of 32 digits

    /// <summary>Writes a list as it is.</summary>
    public static void WriteList(WireWriter writer, IReadOnlyList<StorePathHash> hashParts)
    {
        writer.WriteUInt64((ulong)hashParts.Count);
        Span<char> digits = stackalloc char[StorePathHash.Length];
        foreach (StorePathHash hashPart in hashParts)
        {
            hashPart.Format(digits);
            writer.WriteString(digits);
        }
    }

    /// <summary>Reads a list as it is.</summary>
    /// <exception cref="WireException">It is something else, or has more than <paramref name="max"/> elements.</exception>
    public static async ValueTask<IReadOnlyList<StorePathHash>> ReadListAsync(WireReader reader, int max, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(max, cancellationToken);
        List<StorePathHash> hashParts = [];
        for (int i = 0; i < count; i++)
        {
            hashParts.Add(await reader
                .ReadDecodedAsync(StorePathHash.Length, 0, static (bytes, _) => Decode(bytes), cancellationToken));
        }

        return hashParts;
    }

    private static StorePathHash Decode(ReadOnlySpan<byte> bytes)
    {
        Span<char> digits = stackalloc char[StorePathHash.Length];
        return StorePathHash.Parse(digits[..Encoding.Latin1.GetChars(bytes, digits)]);
    }
}
