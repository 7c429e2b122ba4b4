using System.IO.Compression;

namespace Harmonia.Tests.Support;

/// <summary>Decodes content codings with other code than the cache's: zstd with its own program.</summary>
public static class Decoding
{
    public static async Task<byte[]> UndoAsync(string coding, byte[] body)
    {
        if (coding == "zstd")
            return (await Command.RunAsync("zstd", ["--decompress", "--stdout", "--memory=2048MB"], input: body)).Output;
        await using MemoryStream source = new(body);
        await using Stream stream = coding == "br"
            ? new BrotliStream(source, CompressionMode.Decompress)
            : new GZipStream(source, CompressionMode.Decompress);
        using MemoryStream decoded = new();
        await stream.CopyToAsync(decoded);
        return decoded.ToArray();
    }

    /// <summary>The body of a response, decoded if it has a content coding.</summary>
    public static async Task<byte[]> BodyOfAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        return response.Content.Headers.ContentEncoding.SingleOrDefault() is { } coding ? await UndoAsync(coding, body) : body;
    }
}
