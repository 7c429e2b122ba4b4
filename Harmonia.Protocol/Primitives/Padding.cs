namespace Harmonia.Protocol.Primitives;

/// <summary>The zero bytes that fill a string up to a multiple of eight, on the wire and in NARs. Nix: src/libutil/serialise.cc.</summary>
internal static class Padding
{
    /// <summary>The number of padding bytes (0 to 7) after <paramref name="length"/> bytes.</summary>
    public static int Of(long length) => (int)(-length & 7);
}
