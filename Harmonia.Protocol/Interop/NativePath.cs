using System.Text;

namespace Harmonia.Protocol.Interop;

/// <summary>Converts file names for system calls: to bytes with a zero at the end.</summary>
internal static class NativePath
{
    public static byte[] Of(string path) => Encoding.UTF8.GetBytes(path + '\0');

    public static byte[] Of(ReadOnlySpan<byte> name) => [.. name, 0];
}
