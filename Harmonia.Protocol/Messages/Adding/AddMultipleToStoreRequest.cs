namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The paths to add follow in frames.</summary>
/// <param name="Repair">Whether to replace paths that are already valid.</param>
/// <param name="DontCheckSignatures">Whether to add paths without valid signatures. Only trusted clients may ask for this.</param>
public sealed record AddMultipleToStoreRequest(bool Repair, bool DontCheckSignatures);
