using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace Harmonia.Daemon.Building;

/// <summary>
/// Reads a program's output line by line. A builder can write lines of any length, so only the beginning of a long line is kept.
/// </summary>
internal static class DelegateLines
{
    /// <summary>The number of bytes of a line that are kept at least.</summary>
    public const int MaxLength = 1 << 20;

    public static async IAsyncEnumerable<string> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PipeReader reader = PipeReader.Create(stream);
        bool isRest = false;
        bool isEnd = false;
        while (!isEnd)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            isEnd = result.IsCompleted;
            ReadOnlySequence<byte> bytes = result.Buffer;
            while (bytes.PositionOf((byte)'\n') is SequencePosition end)
            {
                if (!isRest)
                {
                    yield return Encoding.UTF8.GetString(bytes.Slice(0, end));
                }

                isRest = false;
                bytes = bytes.Slice(bytes.GetPosition(1, end));
            }

            if (bytes.Length > MaxLength || (isEnd && !bytes.IsEmpty))
            {
                if (!isRest)
                {
                    yield return Encoding.UTF8.GetString(bytes);
                }

                isRest = true;
                bytes = bytes.Slice(bytes.End);
            }

            reader.AdvanceTo(bytes.Start, bytes.End);
        }
    }
}
