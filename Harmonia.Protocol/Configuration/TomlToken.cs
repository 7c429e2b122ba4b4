using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Configuration;

/// <summary>A run of ASCII characters that should be one scalar.</summary>
internal readonly record struct TomlToken(string Text, TomlPosition Position)
{
    /// <summary>The token as a whole is not what was expected.</summary>
    public TomlException Invalid(string expected) => Invalid(expected, 0);

    /// <summary>The character at <paramref name="index"/> is the first that does not fit.</summary>
    public TomlException Invalid(string expected, int index) =>
        new(Position with { Column = Position.Column + index }, $"expected {expected}, but got {Excerpt.Of(Text)}");
}
