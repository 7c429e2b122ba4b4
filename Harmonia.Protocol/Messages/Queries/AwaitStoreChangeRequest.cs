namespace Harmonia.Protocol.Messages.Queries;

/// <summary>Asks whether the database has changed, or changes soon.</summary>
/// <param name="Generation">The generation of the last reply on this connection; 0 in the first request, which gets its reply at once.</param>
/// <param name="Patience">The maximum time to wait for a change, in whole milliseconds. The daemon may reply earlier.</param>
public readonly record struct AwaitStoreChangeRequest(ulong Generation, TimeSpan Patience);
