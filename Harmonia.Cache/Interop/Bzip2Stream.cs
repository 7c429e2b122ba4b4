using System.Runtime.InteropServices;

namespace Harmonia.Cache.Interop;

/// <summary><c>bz_stream</c> (bzlib.h): what is still to be read and where room is left. The library keeps its address.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Bzip2Stream
{
    public byte* Input;
    public uint InputLength;
    private readonly uint _inputTotalLow;
    private readonly uint _inputTotalHigh;
    public byte* Output;
    public uint OutputLength;
    private readonly uint _outputTotalLow;
    private readonly uint _outputTotalHigh;
    private readonly nint _state;
    private readonly nint _allocate;
    private readonly nint _free;
    private readonly nint _opaque;
}
