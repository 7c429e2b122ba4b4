namespace Harmonia.Protocol.Configuration;

/// <summary>One error in a configuration file.</summary>
/// <param name="Position">The place of the value, or of the key if the key is wrong.</param>
/// <param name="Key">The key from the root of the file, as TOML writes it: <c>zstd.level</c>. Null if the text is not TOML.</param>
/// <param name="Message">What was expected and what came.</param>
public sealed record ConfigurationError(FilePosition Position, string? Key, string Message)
{
    /// <summary>The line for the operator: <c>harmonia.toml:3:1: soket_path: unknown key; did you mean 'socket_path'?</c></summary>
    public override string ToString()
    {
        string message = Key is null ? Message : $"{Key}: {Message}";
        return Position == FilePosition.None ? message : $"{Position}: {message}";
    }
}
