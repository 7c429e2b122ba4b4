using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>Writes a NAR into memory, apart from the code that is measured. Nix: src/libutil/archive.cc, SourceAccessor::dumpPath.</summary>
internal sealed class NarText
{
    private const int Alignment = 8;

    private readonly ArrayBufferWriter<byte> _written = new();

    public ReadOnlyMemory<byte> Written => _written.WrittenMemory;

    /// <summary>What every NAR begins with; one node follows.</summary>
    public void AddRoot() => Add("nix-archive-1");

    public void AddFile(ReadOnlySpan<byte> content, bool isExecutable)
    {
        Add("(", "type", "regular");
        if (isExecutable)
            Add("executable", "");
        Add("contents");
        Add(content);
        Add(")");
    }

    public void BeginDirectory() => Add("(", "type", "directory");

    /// <summary>Entries come in ascending order; one node follows.</summary>
    public void BeginEntry(string name) => Add("entry", "(", "name", name, "node");

    public void EndEntry() => Add(")");

    public void EndDirectory() => Add(")");

    private void Add(params ReadOnlySpan<string> strings)
    {
        foreach (string each in strings)
            Add(Encoding.ASCII.GetBytes(each));
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        int padded = (bytes.Length + Alignment - 1) / Alignment * Alignment;
        Span<byte> place = _written.GetSpan(sizeof(ulong) + padded)[..(sizeof(ulong) + padded)];
        place.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(place, (ulong)bytes.Length);
        bytes.CopyTo(place[sizeof(ulong)..]);
        _written.Advance(place.Length);
    }
}
