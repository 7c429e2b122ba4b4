using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>A build trace entry's value as binary caches hold it. Nix from 2.35 on: src/libstore/realisation.cc, to_json.</summary>
public static class BuildTraceJson
{
    // The default encoder writes the plus signs of base 64 as \u002B.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Render(UnkeyedRealisation realisation)
    {
        ArrayBufferWriter<byte> output = new();
        using Utf8JsonWriter json = new(output, Options);
        json.WriteStartObject();
        json.WriteString("outPath"u8, realisation.OutPath.BaseName);
        json.WriteStartArray("signatures"u8);
        foreach (string text in realisation.Signatures)
        {
            if (Signature.TryParse(text, out Signature? signature))
                SignatureJson.Write(json, signature);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }
}
