using System.Buffers.Binary;
using System.Text;

namespace Harmonia.Tests.Support;

/// <summary>
/// Bytes of the worker protocol, put together by hand: shares no code with the writer it is compared with.
/// </summary>
public sealed class WireBytes
{
    private readonly List<byte> _bytes = [];

    public WireBytes U64(params ReadOnlySpan<ulong> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        foreach (ulong value in values)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            _bytes.AddRange(bytes);
        }

        return this;
    }

    public WireBytes Text(params ReadOnlySpan<string> texts)
    {
        foreach (string text in texts)
            Bytes(Encoding.UTF8.GetBytes(text));
        return this;
    }

    public WireBytes Bytes(ReadOnlySpan<byte> bytes)
    {
        U64((ulong)bytes.Length);
        _bytes.AddRange(bytes);
        for (int n = bytes.Length; n % sizeof(ulong) != 0; n++)
            _bytes.Add(0);
        return this;
    }

    public WireBytes Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
