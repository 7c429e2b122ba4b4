using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Reads an upload without frames: the NAR that is next on the connection. Only the NAR itself tells where it ends. Clients before
/// protocol 1.21 upload this way, and before 1.25 with AddToStore.
/// </summary>
internal sealed class InlineNarReader(WireReader reader) : UploadReader
{
    private readonly NarParser _parser = new();

    /// <exception cref="WireException">The connection ended, or this is not a NAR, so the end of the request is unknown.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_parser.IsComplete || buffer.IsEmpty)
        {
            return 0;
        }

        ReadOnlyMemory<byte> available = await reader.PeekAsync(cancellationToken);
        int length = Consume(available.Span[..Math.Min(available.Length, buffer.Length)]);
        available.Span[..length].CopyTo(buffer.Span);
        reader.Consume(length);
        return length;
    }

    /// <exception cref="WireException">The connection ended, or this is not a NAR, so the end of the request is unknown.</exception>
    public override async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (!_parser.IsComplete)
        {
            ReadOnlyMemory<byte> available = await reader.PeekAsync(cancellationToken);
            reader.Consume(Consume(available.Span));
        }
    }

    private int Consume(ReadOnlySpan<byte> available)
    {
        try
        {
            return _parser.Consume(available);
        }
        catch (NarFormatException exception)
        {
            throw new WireException(exception.Message, exception);
        }
    }
}
