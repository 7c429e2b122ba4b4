namespace Harmonia.Cache.Sending;

/// <summary>Fills the whole destination with the bytes from an offset on.</summary>
public delegate void FillPiece(long offset, Span<byte> destination);
