using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Queries;

/// <summary>The request of AwaitStoreChange.</summary>
public static class AwaitStoreChangeRequestCodec
{
    // Harmonia's own
    //   u64 generation · u64 milliseconds

    /// <summary>Writes the request.</summary>
    public static void Write(WireWriter writer, AwaitStoreChangeRequest request)
    {
        writer.WriteUInt64(request.Generation);
        writer.WriteUInt64((ulong)request.Patience.TotalMilliseconds);
    }

    /// <summary>Reads the request.</summary>
    /// <exception cref="WireException">The bytes are not one.</exception>
    public static async ValueTask<AwaitStoreChangeRequest> ReadAsync(WireReader reader, CancellationToken cancellationToken) => new(
        await reader.ReadUInt64Async(cancellationToken),
        TimeSpan.FromMilliseconds(await reader.ReadUInt32Async(cancellationToken)));
}
