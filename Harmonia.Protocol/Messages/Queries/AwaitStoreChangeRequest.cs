namespace Harmonia.Protocol.Messages.Queries;

/// <summary>Has the database changed, or will it soon?</summary>
/// <param name="Generation">What the last answer on this connection said; 0 in the first request, which is answered at once.</param>
/// <param name="Patience">How long the daemon may wait for a change: whole milliseconds. It may answer earlier.</param>
public readonly record struct AwaitStoreChangeRequest(ulong Generation, TimeSpan Patience);
