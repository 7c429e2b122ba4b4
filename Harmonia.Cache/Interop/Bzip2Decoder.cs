using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Interop;

/// <summary>Decompresses one bzip2 stream, piece by piece, with 4 MB of memory.</summary>
internal sealed unsafe class Bzip2Decoder : SafeHandleZeroOrMinusOneIsInvalid
{
    public Bzip2Decoder()
        : base(ownsHandle: true)
    {
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(Bzip2Stream)));
        if (LibBzip2.Begin(handle, verbosity: 0, small: 0) != LibBzip2.Ok)
            throw new InvalidOperationException("There is no memory to decompress a log.");
    }

    /// <summary>Decompresses as much as there is input or room for. True at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">This is not a bzip2 stream, or a damaged one.</exception>
    public bool Decode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        fixed (byte* source = input, destination = output)
        {
            Bzip2Stream* stream = (Bzip2Stream*)handle;
            stream->Input = source;
            stream->InputLength = (uint)input.Length;
            stream->Output = destination;
            stream->OutputLength = (uint)output.Length;
            int result = LibBzip2.Decompress(this);
            consumed = input.Length - (int)stream->InputLength;
            written = output.Length - (int)stream->OutputLength;
            return result switch
            {
                LibBzip2.Ok => false,
                LibBzip2.StreamEnd => true,
                LibBzip2.OutOfMemory => throw new InvalidOperationException("There is no memory to decompress a log."),
                _ => throw new InvalidDataException($"The data is not in the format of bzip2, or damaged (error {result})."),
            };
        }
    }

    protected override bool ReleaseHandle()
    {
        _ = LibBzip2.End(handle);
        NativeMemory.Free((void*)handle);
        return true;
    }
}
