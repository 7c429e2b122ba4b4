namespace Harmonia.Cache.Sending;

/// <summary>Compresses one body into an <see cref="EncoderOutput"/>.</summary>
internal interface IEncoder : IDisposable
{
    /// <summary>Compresses the next bytes. The output may be written later.</summary>
    void Encode(ReadOnlySpan<byte> source);

    /// <summary>Writes the rest of the output and the end.</summary>
    void End();
}
