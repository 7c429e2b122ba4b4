using System.Text.Json;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>A signature as an object. Nix: src/libutil/signature/local-keys.cc, to_json.</summary>
internal static class SignatureJson
{
    public static void Write(Utf8JsonWriter json, Signature signature)
    {
        json.WriteStartObject();
        json.WriteString("keyName"u8, signature.KeyName);
        json.WriteBase64String("sig"u8, signature.Bytes);
        json.WriteEndObject();
    }
}
