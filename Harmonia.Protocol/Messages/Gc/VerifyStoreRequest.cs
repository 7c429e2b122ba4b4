namespace Harmonia.Protocol.Messages.Gc;

/// <summary>How to verify the store.</summary>
/// <param name="CheckContents">Whether to hash every path.</param>
/// <param name="Repair">Whether to fetch or build anew what is damaged.</param>
public sealed record VerifyStoreRequest(bool CheckContents, bool Repair);
