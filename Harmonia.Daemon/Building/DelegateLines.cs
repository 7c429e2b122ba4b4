using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace Harmonia.Daemon.Building;

/// <summary>What a program writes, line by line. A builder decides how long a line is: of one that is too long only the beginning is kept.</summary>
internal static class DelegateLines
{
    /// <summary>How many bytes of a line are kept, at least.</summary>
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
