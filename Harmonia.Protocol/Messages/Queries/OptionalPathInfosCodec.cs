using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>The path and metadata for each hash part of a request: the reply to QueryPathInfosByHashPart.</summary>
public static class OptionalPathInfosCodec
{
    // Harmonia's own
    //   for each hash part, in their order: u64 1 · path · path info, or u64 0

    /// <summary>Writes the reply; null for a hash part without a valid path.</summary>
    public static void Write(WireWriter writer, MessageContext context, IReadOnlyList<ValidPathInfo?> infos)
    {
        foreach (ValidPathInfo? info in infos)
        {
            writer.WriteBool(info is not null);
            if (info is not null)
            {
                ValidPathInfoCodec.Write(writer, context, info);
            }
        }
    }

    /// <summary>Reads the reply to a request with <paramref name="count"/> hash parts.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<IReadOnlyList<ValidPathInfo?>> ReadAsync(
        WireReader reader, MessageContext context, int count, CancellationToken cancellationToken)
    {
        ValidPathInfo?[] infos = new ValidPathInfo?[count];
        for (int i = 0; i < count; i++)
        {
            infos[i] = await reader.ReadPresenceAsync(cancellationToken)
                ? await ValidPathInfoCodec.ReadAsync(reader, context, cancellationToken)
                : null;
        }

        return infos;
    }
}
