using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>A path to export.</summary>
/// <param name="Path">The path.</param>
/// <param name="Sign">Obsolete.</param>
public sealed record ExportPathRequest(StorePath Path, bool Sign);
