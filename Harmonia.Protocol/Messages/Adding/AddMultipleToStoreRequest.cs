namespace Harmonia.Protocol.Messages.Adding;

/// <summary>Paths to add; they follow in frames.</summary>
/// <param name="Repair">Whether to write anew what is valid already.</param>
/// <param name="DontCheckSignatures">Whether signatures do not matter, which only trusted clients may say.</param>
public sealed record AddMultipleToStoreRequest(bool Repair, bool DontCheckSignatures);
