namespace Harmonia.Cache.Sending;

/// <summary>How a zstd frame is compressed.</summary>
/// <param name="Level">From -131072 (fast) to 22 (small).</param>
/// <param name="WindowLog">The window as a power of two; 0 for the default of the level.</param>
/// <param name="LongDistanceMatching">Whether zstd looks for repetitions in the whole window.</param>
internal readonly record struct ZstdParameters(int Level, int WindowLog, bool LongDistanceMatching);
