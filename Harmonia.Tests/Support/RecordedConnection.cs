using System.Buffers.Binary;

namespace Harmonia.Tests.Support;

/// <summary>All bytes of one connection between a client and a daemon.</summary>
public sealed record RecordedConnection(byte[] FromClient, byte[] FromDaemon)
{
    /// <summary>Reads a recording: for each connection u64 length and the client's bytes, u64 length and the daemon's.</summary>
    public static IReadOnlyList<RecordedConnection> Read(string file)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(file);
        List<RecordedConnection> connections = [];
        while (!rest.IsEmpty)
            connections.Add(new RecordedConnection(Take(ref rest), Take(ref rest)));
        return connections;
    }

    /// <summary>Writes what <see cref="Read"/> reads.</summary>
    public static void Write(string file, IEnumerable<RecordedConnection> connections)
    {
        using FileStream stream = File.Create(file);
        using BinaryWriter writer = new(stream);
        foreach (byte[] bytes in connections.SelectMany(connection => new[] { connection.FromClient, connection.FromDaemon }))
        {
            writer.Write((long)bytes.Length);
            writer.Write(bytes);
        }
    }

    private static byte[] Take(ref ReadOnlySpan<byte> rest)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(rest);
        byte[] bytes = rest.Slice(sizeof(long), length).ToArray();
        rest = rest[(sizeof(long) + length)..];
        return bytes;
    }
}
