using Harmonia.Protocol.Wire;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>Runs codecs over bytes in memory.</summary>
public static class Codec
{
    public static byte[] Write(Action<WireWriter> write)
    {
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);
        write(writer);
        writer.FlushAsync(default).AsTask().GetAwaiter().GetResult();
        return stream.ToArray();
    }

    /// <summary>Reads a value, which has to take all of the bytes.</summary>
    public static async Task<T> ReadAsync<T>(byte[] bytes, Func<WireReader, ValueTask<T>> read)
    {
        using WireReader reader = new(new MemoryStream(bytes));
        T value = await read(reader);
        Assert.That(await reader.WaitForDataAsync(default), Is.False, "bytes are left over");
        return value;
    }
}
