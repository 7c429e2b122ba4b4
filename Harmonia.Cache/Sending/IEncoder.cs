namespace Harmonia.Cache.Sending;

/// <summary>Compresses one body into an <see cref="EncoderOutput"/>.</summary>
internal interface IEncoder : IDisposable
{
    /// <summary>Takes the next bytes. What they become may come out later.</summary>
    void Encode(ReadOnlySpan<byte> source);

    /// <summary>Brings out all that is left, and the end.</summary>
    void End();
}
