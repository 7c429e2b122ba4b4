namespace Harmonia.Protocol.Messages.Gc;

/// <summary>How to verify the store.</summary>
/// <param name="CheckContents">Whether to hash every path.</param>
/// <param name="Repair">Whether to fetch or build damaged paths again.</param>
public sealed record VerifyStoreRequest(bool CheckContents, bool Repair);
