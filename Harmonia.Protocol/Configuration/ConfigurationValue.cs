using Tomlyn;

namespace Harmonia.Protocol.Configuration;

/// <summary>The value of a key, or an item of an array.</summary>
/// <param name="KeyPosition">The key's first character; for an item, the key of the array.</param>
/// <param name="Position">The value's first character; the key's for a table without braces.</param>
/// <param name="Content">
/// A string, long, double, bool or <see cref="TomlDateTime"/>; a list of values for an array, a dictionary of values for a table.
/// </param>
internal sealed record ConfigurationValue(FilePosition KeyPosition, FilePosition Position, object Content)
{
    /// <summary>The type in words and with its article, for messages: <c>a string</c>.</summary>
    public string Kind => Content switch
    {
        string => "a string",
        long => "an integer",
        double => "a float",
        bool => "a boolean",
        TomlDateTime => "a date or time",
        List<ConfigurationValue> => "an array",
        _ => "a table",
    };
}
