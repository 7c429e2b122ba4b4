namespace Harmonia.Cache.Catalog;

/// <summary>The moment before a question was asked.</summary>
/// <param name="Changes">How many relevant changes had been announced by then.</param>
/// <param name="Time">The time stamp of the clock.</param>
public readonly record struct AnswerStamp(long Changes, long Time);
