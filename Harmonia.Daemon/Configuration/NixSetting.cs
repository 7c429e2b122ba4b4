using Harmonia.Protocol.Configuration;

namespace Harmonia.Daemon.Configuration;

/// <summary>One setting as it was written.</summary>
/// <param name="Position">Its place in nix.conf; none for a client's setting.</param>
/// <param name="Name">Its name, which may be an alias or begin with <c>extra-</c>.</param>
/// <param name="Value">Its words, separated by single blanks.</param>
internal sealed record NixSetting(FilePosition Position, string Name, string Value);
