namespace Harmonia.Protocol.Configuration;

/// <summary>One part of a dotted key.</summary>
internal readonly record struct TomlKey(string Text, TomlPosition Position);
