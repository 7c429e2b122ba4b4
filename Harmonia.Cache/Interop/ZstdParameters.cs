namespace Harmonia.Cache.Interop;

/// <summary>How a frame is compressed.</summary>
/// <param name="Level">From -131072, fast, to 22, small.</param>
/// <param name="WindowLog">The window as a power of two; 0 for the level's own.</param>
/// <param name="LongDistanceMatching">Whether repetitions are looked for in the whole window.</param>
internal readonly record struct ZstdParameters(int Level, int WindowLog, bool LongDistanceMatching);
