namespace Harmonia.Protocol.Configuration;

/// <summary>One thing that is wrong with a configuration file.</summary>
/// <param name="Position">The value, or the key if that is what is wrong.</param>
/// <param name="Key">The key from the root of the file, as TOML writes it: <c>zstd.level</c>.</param>
/// <param name="Message">What was expected and what came.</param>
public sealed record ConfigurationError(TomlPosition Position, string Key, string Message)
{
    /// <summary>The line for the operator: <c>harmonia.toml:3:1: soket_path: unknown key; did you mean 'socket_path'?</c></summary>
    public override string ToString() =>
        Position == TomlPosition.None ? $"{Key}: {Message}" : $"{Position}: {Key}: {Message}";
}
