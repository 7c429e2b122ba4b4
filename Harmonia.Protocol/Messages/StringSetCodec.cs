using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>A set of strings: signatures, output names, the paths a garbage collection reports.</summary>
/// <remarks>
/// The strings are read as text: bytes that are not UTF-8 become U+FFFD. No signature and no output name has such bytes, so an invalid
/// value stays invalid, but the rest of the message can be used.
/// </remarks>
public static class StringSetCodec
{
    // Nix: src/libstore/include/nix/store/length-prefixed-protocol-helper.hh, std::set
    //   u64 count · strings, ascending

    /// <summary>Writes a set. The strings may come in any order.</summary>
    public static void Write(WireWriter writer, IReadOnlyList<string> strings)
    {
        IReadOnlyList<string> set = AscendingSet.Of(strings, StringComparer.Ordinal);
        writer.WriteUInt64((ulong)set.Count);
        foreach (string element in set)
        {
            writer.WriteString(element);
        }
    }

    /// <summary>Writes a set like <see cref="Write"/>, but flushes in between: for the paths of a whole store.</summary>
    /// <exception cref="IOException">The peer is gone.</exception>
    public static async ValueTask WriteAsync(WireWriter writer, IReadOnlyList<string> strings, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> set = AscendingSet.Of(strings, StringComparer.Ordinal);
        writer.WriteUInt64((ulong)set.Count);
        foreach (string element in set)
        {
            writer.WriteString(element);
            await writer.FlushIfLargeAsync(cancellationToken);
        }
    }

    /// <summary>Reads a set in any order; the result is ascending.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="countLimit">The maximum number of strings.</param>
    /// <param name="lengthLimit">The maximum number of bytes of each.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="WireException">It is something else, or too large.</exception>
    public static async ValueTask<IReadOnlyList<string>> ReadAsync(
        WireReader reader, int countLimit, int lengthLimit, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(countLimit, cancellationToken);
        List<string> strings = [];
        for (int i = 0; i < count; i++)
        {
            strings.Add(await reader.ReadTextAsync(lengthLimit, cancellationToken));
        }

        return AscendingSet.Of(strings, StringComparer.Ordinal);
    }

    /// <summary>Reads a set of signatures.</summary>
    /// <exception cref="WireException">It is something else, or too large.</exception>
    public static ValueTask<IReadOnlyList<string>> ReadSignaturesAsync(WireReader reader, CancellationToken cancellationToken) =>
        ReadAsync(reader, WireLimits.Signatures, WireLimits.Signature, cancellationToken);
}
