using Harmonia.Cache.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Pages;

/// <summary>Reads what a file holds compressed by bzip2, in one stream or several after each other. The file stays the caller's.</summary>
public sealed class Bzip2Reader(SafeFileHandle file) : IDisposable
{
    private readonly byte[] _input = new byte[64 * 1024];
    private int _start;
    private int _end;
    private long _offset;
    private Bzip2Decoder? _decoder;

    /// <summary>The next bytes; 0 at the end, as for an empty file.</summary>
    /// <param name="destination">Not empty.</param>
    /// <exception cref="InvalidDataException">The file holds something else, or ends too early.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public int Read(Span<byte> destination)
    {
        // Without input left, the decoder may still have output.
        while (Fill() || _decoder is not null)
        {
            _decoder ??= new Bzip2Decoder();
            bool ended = _decoder.Decode(_input.AsSpan(_start.._end), destination, out int consumed, out int written);
            _start += consumed;
            if (ended)
                Dispose();
            else if (consumed == 0 && written == 0)
                throw new InvalidDataException("The compressed data ends too early.");
            if (written > 0)
                return written;
        }

        return 0;
    }

    public void Dispose()
    {
        _decoder?.Dispose();
        _decoder = null;
    }

    private bool Fill()
    {
        if (_start < _end)
            return true;
        _start = 0;
        _end = RandomAccess.Read(file, _input, _offset);
        _offset += _end;
        return _end > 0;
    }
}
