using Harmonia.Protocol.Primitives;
using Tomlyn.Syntax;

namespace Harmonia.Protocol.Configuration;

/// <summary>
/// Binds a TOML table to options. Each getter names a known key. It returns null if the file does not have the key, or if the value is
/// wrong. <see cref="Finish"/> then throws all errors at once, unknown keys included.
/// </summary>
/// <remarks>Not safe for use by several threads.</remarks>
public sealed class ConfigurationReader
{
    private readonly Dictionary<string, ConfigurationValue> _table;
    private readonly FilePosition _position;
    private readonly string _prefix;
    private readonly ConfigurationReport _report;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deprecated = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfigurationReader> _children = new(StringComparer.Ordinal);

    /// <summary>Creates the reader of an empty configuration, for a program that starts without a file.</summary>
    public ConfigurationReader()
        : this([], FilePosition.None)
    {
    }

    /// <summary>Creates the reader of a document.</summary>
    /// <param name="root">The root table.</param>
    /// <param name="position">The start of the file.</param>
    internal ConfigurationReader(Dictionary<string, ConfigurationValue> root, FilePosition position)
        : this(root, position, "", new ConfigurationReport())
    {
    }

    private ConfigurationReader(
        Dictionary<string, ConfigurationValue> table, FilePosition position, string prefix, ConfigurationReport report) =>
        (_table, _position, _prefix, _report) = (table, position, prefix, report);

    /// <summary>The warnings, one line each, in the order in which they were found. The program can start in spite of them.</summary>
    public IReadOnlyList<string> Warnings => _report.Warnings;

    /// <summary>A string.</summary>
    /// <param name="key">The key in this table.</param>
    public string? String(string key) => Read<string>(key, "a string")?.Content as string;

    /// <summary>A boolean.</summary>
    /// <param name="key">The key in this table.</param>
    public bool? Boolean(string key) => Read<bool>(key, "a boolean")?.Content as bool?;

    /// <summary>An integer.</summary>
    /// <param name="key">The key in this table.</param>
    /// <param name="min">The smallest value allowed.</param>
    /// <param name="max">The largest value allowed.</param>
    public long? Integer(string key, long min, long max)
    {
        string expected = max == long.MaxValue ? $"an integer of at least {min}" : $"an integer from {min} to {max}";
        if (Read<long>(key, expected)?.Content is not long number)
        {
            return null;
        }

        if (number < min || number > max)
        {
            Reject(key, $"expected {expected}, but got {number}");
            return null;
        }

        return number;
    }

    /// <summary>A number of bytes: an integer, or a string such as <c>"32 MiB"</c>.</summary>
    /// <param name="key">The key in this table.</param>
    /// <param name="max">The largest value allowed.</param>
    public long? Bytes(string key, long max)
    {
        if (Find(key)?.Content is long)
        {
            return Integer(key, 0, max);
        }

        if (Read<string>(key, "a number of bytes such as \"32 MiB\"")?.Content is not string text)
        {
            return null;
        }

        if (!ByteCount.TryParse(text, out long bytes) || bytes > max)
        {
            Reject(key, $"expected a number of bytes such as \"32 MiB\", at most {ByteCount.Print(max)}, but got {Excerpt.Of(text)}");
            return null;
        }

        return bytes;
    }

    /// <summary>One of several words.</summary>
    /// <param name="key">The key in this table.</param>
    /// <param name="names">The words, spelt as in the file.</param>
    public string? Choice(string key, params ReadOnlySpan<string> names)
    {
        string expected = $"one of '{string.Join("', '", names)}'";
        if (Read<string>(key, expected)?.Content is not string name)
        {
            return null;
        }

        if (!names.Contains(name))
        {
            Reject(key, $"expected {expected}, but got {Excerpt.Of(name)}");
            return null;
        }

        return name;
    }

    /// <summary>An absolute path. The meaning of a relative path would depend on the working directory of the process.</summary>
    /// <param name="key">The key in this table.</param>
    public string? Path(string key) =>
        Read<string>(key, "an absolute path") is { } path && IsAbsolutePath(key, path) ? (string)path.Content : null;

    /// <summary>A list of strings.</summary>
    /// <param name="key">The key in this table.</param>
    public IReadOnlyList<string>? StringList(string key) => List(key, "a string", static _ => true);

    /// <summary>A list of strings, or one string for a list of one.</summary>
    /// <param name="key">The key in this table.</param>
    public IReadOnlyList<string>? StringOrList(string key) =>
        Find(key)?.Content is string ? [String(key)!] : StringList(key);

    /// <summary>A list of absolute paths.</summary>
    /// <param name="key">The key in this table.</param>
    public IReadOnlyList<string>? PathList(string key) => List(key, "an absolute path", path => IsAbsolutePath(key, path));

    /// <summary>A table within this one. If the file does not have it, all of its getters return null.</summary>
    /// <param name="key">The key in this table.</param>
    /// <returns>A reader that reports to this one. <see cref="Finish"/> is called on this one only.</returns>
    public ConfigurationReader Table(string key)
    {
        ConfigurationValue? table = Read<Dictionary<string, ConfigurationValue>>(key, "a table");
        if (!_children.TryGetValue(key, out ConfigurationReader? child))
        {
            child = new ConfigurationReader(
                table?.Content as Dictionary<string, ConfigurationValue> ?? [], table?.Position ?? FilePosition.None, $"{FullName(key)}.", _report);
            _children.Add(key, child);
        }

        return child;
    }

    /// <summary>Declares a key that old files may still have. It is never suggested, and a warning says what to do instead.</summary>
    /// <param name="key">The key in this table.</param>
    /// <param name="advice">What to write instead, or that the key no longer has an effect.</param>
    public void Deprecate(string key, string advice)
    {
        _known.Add(key);
        if (_deprecated.Add(key) && Find(key) is { } value)
        {
            _report.Warn(new ConfigurationError(value.KeyPosition, FullName(key), $"deprecated; {advice}"));
        }
    }

    /// <summary>Adds a warning about a key that the file has, for example a key without effect.</summary>
    /// <param name="key">The key in this table.</param>
    /// <param name="message">What the operator should know.</param>
    public void Warn(string key, string message) => _report.Warn(
        new ConfigurationError(Find(key)?.KeyPosition ?? _position, FullName(key), message));

    /// <summary>Adds an error that only the caller can see, for example two keys that contradict each other.</summary>
    /// <param name="key">The key in this table. The error names its place in the file, if it has one.</param>
    /// <param name="message">What was expected and what came.</param>
    public void Reject(string key, string message) =>
        Reject(key, Find(key)?.Position ?? _position, message);

    /// <summary>Ends the reading of this table and of the tables within it.</summary>
    /// <exception cref="ConfigurationException">A value is wrong, or a key is unknown.</exception>
    public void Finish()
    {
        RejectUnknownKeys();
        _report.ThrowIfAny();
    }

    private void RejectUnknownKeys()
    {
        foreach ((string key, ConfigurationValue value) in _table.Where(entry => !_known.Contains(entry.Key)))
        {
            string? nearest = KeySuggestion.Nearest(key, _known.Except(_deprecated));
            string hint = nearest is null ? "" : $"; did you mean '{nearest}'?";
            Reject(key, value.KeyPosition, $"unknown key{hint}");
        }

        foreach (ConfigurationReader child in _children.Values)
        {
            child.RejectUnknownKeys();
        }
    }

    private List<string>? List(string key, string expectedItem, Func<ConfigurationValue, bool> isAllowed)
    {
        if (Read<List<ConfigurationValue>>(key, $"an array, each item {expectedItem}")?.Content is not List<ConfigurationValue> items)
        {
            return null;
        }

        List<string> list = new();
        foreach (ConfigurationValue item in items)
        {
            if (item.Content is not string text)
            {
                Reject(key, item.Position, $"expected {expectedItem}, but got {item.Kind}");
            }
            else if (isAllowed(item))
            {
                list.Add(text);
            }
        }

        return list.Count == items.Count ? list : null;
    }

    private bool IsAbsolutePath(string key, ConfigurationValue value)
    {
        string path = (string)value.Content;
        if (path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal))
        {
            return true;
        }

        Reject(key, value.Position, $"expected an absolute path, but got {Excerpt.Of(path)}");
        return false;
    }

    private ConfigurationValue? Read<T>(string key, string expected)
    {
        _known.Add(key);
        ConfigurationValue? value = Find(key);
        if (value is null or { Content: T })
        {
            return value;
        }

        Reject(key, value.Position, $"expected {expected}, but got {value.Kind}");
        return null;
    }

    private ConfigurationValue? Find(string key) => _table.GetValueOrDefault(key);

    private void Reject(string key, FilePosition position, string message) =>
        _report.Add(new ConfigurationError(position, FullName(key), message));

    private string FullName(string key) => _prefix + new KeySyntax(key);
}
