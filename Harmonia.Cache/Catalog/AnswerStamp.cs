namespace Harmonia.Cache.Catalog;

/// <summary>The moment before a question was asked.</summary>
/// <param name="Changes">How many changes that may concern the path had been announced by then.</param>
/// <param name="Remembered">What is remembered with the answer: announcements that any path may have changed, and the time.</param>
public readonly record struct AnswerStamp(long Changes, ulong Remembered);
