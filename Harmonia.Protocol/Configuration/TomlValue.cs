namespace Harmonia.Protocol.Configuration;

/// <summary>A value of TOML 1.0: one of eight scalars, an array or a table.</summary>
public abstract class TomlValue
{
    private protected TomlValue(TomlPosition? position) => Position = position ?? TomlPosition.None;

    /// <summary>The value's first character; for a table its header or the key that made it.</summary>
    public TomlPosition Position { get; }

    /// <summary>The type in words and with its article, for messages: <c>a string</c>.</summary>
    public abstract string Kind { get; }
}
