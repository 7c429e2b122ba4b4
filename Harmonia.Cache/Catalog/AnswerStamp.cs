namespace Harmonia.Cache.Catalog;

/// <summary>When an answer was asked for.</summary>
/// <param name="Changes">How many changes that may concern it had been announced before.</param>
/// <param name="Time">The clock's time stamp.</param>
public readonly record struct AnswerStamp(long Changes, long Time);
