using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Harmonia.Protocol.Store;

/// <summary>The JSON of a <see cref="Realisation"/>. Nix up to 2.34: src/libstore/realisation.cc, to_json and from_json.</summary>
internal static class RealisationJson
{
    // Nix escapes only what JSON requires. The other encoders would escape the '+' of base 64 too.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// <c>{"dependentRealisations":{"sha256:…!out":"base name"},"id":"sha256:…!out","outPath":"base name","signatures":["name:base64"]}</c>.
    /// </summary>
    public static byte[] Write(Realisation realisation, bool withSignatures)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("dependentRealisations");
            foreach ((DrvOutput output, StorePath path) in realisation.DependentRealisations.OrderBy(pair => pair.Key))
            {
                writer.WriteString(output.ToString(), path.BaseName);
            }

            writer.WriteEndObject();
            writer.WriteString("id", realisation.Id.ToString());
            writer.WriteString("outPath", realisation.OutPath.BaseName);
            if (withSignatures)
            {
                writer.WriteStartArray("signatures");
                foreach (string signature in realisation.Signatures)
                {
                    writer.WriteStringValue(signature);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> writes, with keys in any order.</summary>
    /// <exception cref="FormatException">The text is not JSON, or not of a realisation.</exception>
    public static Realisation Read(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        try
        {
            return Read(ref reader);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The reader throws the latter for values of another type and for invalid escapes.
            throw new FormatException("The text is not the JSON of a realisation.", exception);
        }
    }

    private static Realisation Read(ref Utf8JsonReader reader)
    {
        DrvOutput? id = null;
        StorePath? outPath = null;
        List<string> signatures = [];
        Dictionary<DrvOutput, StorePath> dependentRealisations = [];

        Expect(ref reader, JsonTokenType.StartObject);
        while (NextKey(ref reader) is string key)
        {
            switch (key)
            {
                case "id":
                    id = DrvOutput.Parse(NextString(ref reader));
                    break;

                case "outPath":
                    outPath = StorePath.Parse(NextString(ref reader));
                    break;

                case "signatures":
                    Expect(ref reader, JsonTokenType.StartArray);
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    {
                        signatures.Add(Text(ref reader));
                    }

                    break;

                case "dependentRealisations":
                    Expect(ref reader, JsonTokenType.StartObject);
                    while (NextKey(ref reader) is string output)
                    {
                        dependentRealisations[DrvOutput.Parse(output)] = StorePath.Parse(NextString(ref reader));
                    }

                    break;

                default:
                    reader.Read();
                    reader.Skip();
                    break;
            }
        }

        // Throws if there is text after the object.
        reader.Read();
        return new Realisation
        {
            Id = id ?? throw new FormatException("The realisation lacks the key 'id'."),
            OutPath = outPath ?? throw new FormatException("The realisation lacks the key 'outPath'."),
            Signatures = signatures,
            DependentRealisations = dependentRealisations,
        };
    }

    private static string? NextKey(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;

    private static string NextString(ref Utf8JsonReader reader)
    {
        reader.Read();
        return Text(ref reader);
    }

    // GetString returns null for a JSON null.
    private static string Text(ref Utf8JsonReader reader) =>
        reader.GetString() ?? throw new FormatException("The realisation has null instead of text.");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        reader.Read();
        if (reader.TokenType != type)
        {
            throw new FormatException($"The realisation has {reader.TokenType} instead of {type}.");
        }
    }
}
