namespace Harmonia.Cache.Sending;

/// <summary>Fills all of the memory with the bytes from an offset on.</summary>
public delegate void FillPiece(long offset, Span<byte> destination);
