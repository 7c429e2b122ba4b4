using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>A narinfo as Nix's JSON object for path infos, version 3, keys in ascending order.</summary>
public static class NarInfoJson
{
    private const int Version = 3;

    // The default encoder writes the plus signs of base 64 as \u002B, since JSON might stand inside HTML. This never does.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Render(SignedNarInfo narInfo)
    {
        UnkeyedValidPathInfo info = narInfo.Path.Info;
        ArrayBufferWriter<byte> output = new();
        using Utf8JsonWriter json = new(output, Options);

        json.WriteStartObject();
        json.WritePropertyName("ca"u8);
        ContentAddress(json, info.ContentAddress);
        json.WriteString("compression"u8, narInfo.Compression);
        json.WriteString("deriver"u8, info.Deriver?.BaseName);
        Download(json, narInfo);
        json.WriteString("narHash"u8, info.NarHash.ToSri());
        json.WriteNumber("narSize"u8, info.NarSize);
        json.WriteStartArray("references"u8);
        foreach (StorePath reference in info.References)
            json.WriteStringValue(reference.BaseName);
        json.WriteEndArray();
        if (info.RegistrationTime == 0)
            json.WriteNull("registrationTime"u8);
        else
            json.WriteNumber("registrationTime"u8, info.RegistrationTime);
        json.WriteStartArray("signatures"u8);
        foreach (Signature signature in narInfo.Signatures)
            SignatureJson.Write(json, signature);
        json.WriteEndArray();
        json.WriteString("storeDir"u8, narInfo.StoreDirectory.Path);
        json.WriteBoolean("ultimate"u8, info.Ultimate);
        json.WriteString("url"u8, narInfo.Url);
        json.WriteNumber("version"u8, Version);
        json.WriteEndObject();

        json.Flush();
        return output.WrittenMemory;
    }

    // They describe a compressed NAR; a plain one has its own hash and size.
    private static void Download(Utf8JsonWriter json, SignedNarInfo narInfo)
    {
        if (narInfo is { Compression: not SignedNarInfo.None, FileHash: { } hash, FileSize: { } size })
        {
            json.WriteString("downloadHash"u8, hash.ToSri());
            json.WriteNumber("downloadSize"u8, size);
        }
    }

    private static void ContentAddress(Utf8JsonWriter json, ContentAddress? address)
    {
        if (address is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("method"u8, MethodName(address.Method));
        json.WriteString("hash"u8, address.Hash.ToSri());
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> MethodName(ContentAddressMethod method) => method switch
    {
        ContentAddressMethod.Text => "text"u8,
        ContentAddressMethod.Flat => "flat"u8,
        ContentAddressMethod.Nar => "nar"u8,
        ContentAddressMethod.Git => "git"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "There is no such content address method."),
    };
}
