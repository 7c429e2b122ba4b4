using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Nar;

/// <summary>
/// The tree of a path as Nix's NAR listing, version 1, keys in ascending order. <c>executable</c> is always there, as in harmonia
/// (Rust); Nix reads both forms.
/// </summary>
// Nix: src/libutil/nar-listing.cc
public static class NarListingJson
{
    private const int Version = 1;
    private const int FlushFrom = 32 * 1024;

    // This JSON is never part of HTML. Utf8JsonWriter has a default maximum depth of 1000.
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = int.MaxValue };

    /// <summary>Writes it at once.</summary>
    public static void Write(NarIndex index, IBufferWriter<byte> output)
    {
        using Utf8JsonWriter json = new(output, Options);
        Stack<int> ends = Begin(json);
        for (int i = 0; i < index.Count; i++)
            WriteEntry(json, index[i], i, ends);
        End(json, index, ends);
        json.Flush();
    }

    /// <summary>Writes it piece by piece, at the pace of the reader.</summary>
    /// <returns>Bytes written.</returns>
    public static async Task<long> WriteAsync(NarIndex index, PipeWriter output, CancellationToken cancellationToken)
    {
        await using Utf8JsonWriter json = new(output, Options);
        Stack<int> ends = Begin(json);
        long flushed = 0;
        for (int i = 0; i < index.Count; i++)
        {
            WriteEntry(json, index[i], i, ends);
            if (json.BytesCommitted + json.BytesPending - flushed < FlushFrom)
                continue;
            await json.FlushAsync(cancellationToken);
            await BodyBytes.FlushAsync(output, cancellationToken);
            flushed = json.BytesCommitted;
        }

        End(json, index, ends);
        await json.FlushAsync(cancellationToken);
        return json.BytesCommitted;
    }

    // Returns, for each directory that is open, the index after its last descendant.
    private static Stack<int> Begin(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePropertyName("root"u8);
        return new Stack<int>();
    }

    private static void End(Utf8JsonWriter json, NarIndex index, Stack<int> ends)
    {
        EndDirectories(json, ends, index.Count);
        json.WriteNumber("version"u8, Version);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, NarIndexEntry entry, int index, Stack<int> ends)
    {
        EndDirectories(json, ends, index);
        if (entry.Parent >= 0)
            json.WritePropertyName(ReadableBytes.Utf8Of(entry.Name));
        json.WriteStartObject();
        switch (entry.Kind)
        {
            case NarNodeKind.Directory:
                json.WriteStartObject("entries"u8);
                ends.Push(entry.End);
                return;
            case NarNodeKind.Symlink:
                json.WriteString("target"u8, ReadableBytes.Utf8Of(entry.Target));
                json.WriteString("type"u8, "symlink"u8);
                break;
            default:
                json.WriteBoolean("executable"u8, entry.IsExecutable);
                json.WriteNumber("narOffset"u8, entry.NarOffset);
                json.WriteNumber("size"u8, entry.Size);
                json.WriteString("type"u8, "regular"u8);
                break;
        }

        json.WriteEndObject();
    }

    private static void EndDirectories(Utf8JsonWriter json, Stack<int> ends, int index)
    {
        while (ends.TryPeek(out int end) && end <= index)
        {
            ends.Pop();
            json.WriteEndObject();
            json.WriteString("type"u8, "directory"u8);
            json.WriteEndObject();
        }
    }
}
