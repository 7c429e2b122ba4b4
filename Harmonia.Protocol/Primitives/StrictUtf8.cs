using System.Text;

namespace Harmonia.Protocol.Primitives;

/// <summary>UTF-8 that throws on invalid bytes instead of replacing them.</summary>
internal static class StrictUtf8
{
    /// <summary>
    /// The encoding: no byte order mark; <see cref="DecoderFallbackException"/> and <see cref="EncoderFallbackException"/> on invalid input.
    /// </summary>
    public static UTF8Encoding Encoding { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
