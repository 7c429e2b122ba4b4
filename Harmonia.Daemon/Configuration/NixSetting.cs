using Harmonia.Protocol.Configuration;

namespace Harmonia.Daemon.Configuration;

/// <summary>One setting as somebody has written it.</summary>
/// <param name="Position">Where: a line of a nix.conf; none for a client's.</param>
/// <param name="Name">Its name there, which may be an alias or begin with <c>extra-</c>.</param>
/// <param name="Value">Its words with one blank between them.</param>
internal sealed record NixSetting(FilePosition Position, string Name, string Value);
