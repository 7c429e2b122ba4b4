using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>
/// An upload that the daemon requests block by block, as a stream that ends when the client sends an empty block: AddToStoreNar in 1.21
/// and 1.22, and ImportPaths. A reader may stop at any time, because the client sends only what the daemon requests.
/// </summary>
/// <remarks>
/// Nix: src/libstore/daemon.cc, TunnelSource. Each read is a <see cref="StderrMessage.Read"/>, answered by one string; so it must
/// only be used between the request and the end of the stderr phase, and a client that has no more data may hang up on a read
/// behind the end.
/// </remarks>
public sealed class PulledReader(WireReader reader, WireWriter writer) : UploadReader
{
    // Nix requests the size of its buffer, too.
    private const int BlockSize = 32 << 10;

    private bool _ended;

    /// <inheritdoc/>
    /// <exception cref="WireException">The connection ended, or the client sent more than it was asked for.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _ended)
        {
            return 0;
        }

        Memory<byte> block = buffer[..Math.Min(buffer.Length, BlockSize)];
        StderrCodec.Write(writer, ProtocolVersion.Current, new StderrMessage.Read((ulong)block.Length)); // the same in every version
        await writer.FlushAsync(cancellationToken);

        // Each block is a message of its own, because the upload may have any length.
        reader.BeginMessage(WireLimits.Block);
        int read = await reader.ReadDecodedAsync(
            block.Length,
            block,
            static (bytes, destination) =>
            {
                bytes.CopyTo(destination.Span);
                return bytes.Length;
            },
            cancellationToken);
        _ended = read == 0;
        return read;
    }

    /// <summary>Does nothing, because the client sends only what the daemon requests.</summary>
    public override ValueTask DrainAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
