using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Configuration;

/// <summary>
/// Binds a TOML table to options. Each getter names a key the program knows and gives null when the file does not have it,
/// or has it wrong; <see cref="Finish"/> then throws everything that was wrong at once, keys nobody asked for included.
/// </summary>
/// <remarks>An absent file is an empty table. Not safe for use by several threads.</remarks>
public sealed class ConfigurationReader
{
    private readonly TomlTable _table;
    private readonly string _prefix;
    private readonly ConfigurationReport _report;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deprecated = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfigurationReader> _children = new(StringComparer.Ordinal);

    /// <summary>Starts to read a document.</summary>
    /// <param name="root">The root table.</param>
    public ConfigurationReader(TomlTable root)
        : this(root, "", new ConfigurationReport())
    {
    }

    private ConfigurationReader(TomlTable table, string prefix, ConfigurationReport report) =>
        (_table, _prefix, _report) = (table, prefix, report);

    /// <summary>What the operator should change though the program can start, one line each, in the order it was found.</summary>
    public IReadOnlyList<string> Warnings => _report.Warnings;

    /// <summary>A string.</summary>
    /// <param name="key">The key in this table.</param>
    public string? String(string key) => Read<TomlString>(key, "a string")?.Value;

    /// <summary>A boolean.</summary>
    /// <param name="key">The key in this table.</param>
    public bool? Boolean(string key) => Read<TomlBoolean>(key, "a boolean")?.Value;

    /// <summary>An integer.</summary>
    /// <param name="key">The key in this table.</param>
    /// <param name="min">The smallest value allowed.</param>
    /// <param name="max">The largest value allowed.</param>
    public long? Integer(string key, long min, long max)
    {
        string expected = max == long.MaxValue ? $"an integer of at least {min}" : $"an integer from {min} to {max}";
        if (Read<TomlInteger>(key, expected) is not { } number)
        {
            return null;
        }

        if (number.Value < min || number.Value > max)
        {
            Reject(key, $"expected {expected}, but got {number.Value}");
            return null;
        }

        return number.Value;
    }

    /// <summary>A number of bytes: an integer, or a string such as <c>"32 MiB"</c>.</summary>
    /// <param name="key">The key in this table.</param>
    /// <param name="max">The largest value allowed.</param>
    public long? Bytes(string key, long max)
    {
        if (_table.Find(key)?.Value is TomlInteger)
        {
            return Integer(key, 0, max);
        }

        if (Read<TomlString>(key, "a number of bytes such as \"32 MiB\"") is not { } text)
        {
            return null;
        }

        if (!ByteCount.TryParse(text.Value, out long bytes) || bytes > max)
        {
            Reject(key, $"expected a number of bytes such as \"32 MiB\", at most {ByteCount.Print(max)}, but got {Excerpt.Of(text.Value)}");
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
        if (Read<TomlString>(key, expected)?.Value is not { } name)
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

    /// <summary>An absolute path: what a relative one means would depend on where the process was started.</summary>
    /// <param name="key">The key in this table.</param>
    public string? Path(string key) =>
        Read<TomlString>(key, "an absolute path") is { } path && IsAbsolutePath(key, path) ? path.Value : null;

    /// <summary>A list of strings.</summary>
    /// <param name="key">The key in this table.</param>
    public IReadOnlyList<string>? StringList(string key) => List(key, "a string", static _ => true);

    /// <summary>A list of strings, or one string for a list of one.</summary>
    /// <param name="key">The key in this table.</param>
    public IReadOnlyList<string>? StringOrList(string key) =>
        _table.Find(key)?.Value is TomlString ? [String(key)!] : StringList(key);

    /// <summary>A list of absolute paths.</summary>
    /// <param name="key">The key in this table.</param>
    public IReadOnlyList<string>? PathList(string key) => List(key, "an absolute path", path => IsAbsolutePath(key, path));

    /// <summary>A table within this one. Where the file has none, all of its getters give null.</summary>
    /// <param name="key">The key in this table.</param>
    /// <returns>A reader that reports to this one; only this one is finished.</returns>
    public ConfigurationReader Table(string key)
    {
        TomlTable table = Read<TomlTable>(key, "a table") ?? new TomlTable();
        if (!_children.TryGetValue(key, out ConfigurationReader? child))
        {
            child = new ConfigurationReader(table, $"{FullName(key)}.", _report);
            _children.Add(key, child);
        }

        return child;
    }

    /// <summary>Declares a key that old files may still have: it is never suggested, and a warning says what to do instead.</summary>
    /// <param name="key">The key in this table.</param>
    /// <param name="advice">What to write instead, or that the key has no effect any more.</param>
    public void Deprecate(string key, string advice)
    {
        _known.Add(key);
        if (_deprecated.Add(key) && _table.Find(key) is { } entry)
        {
            _report.Warn(new ConfigurationError(entry.KeyPosition, FullName(key), $"deprecated; {advice}"));
        }
    }

    /// <summary>Adds a warning about a key that the file has, such as one without effect.</summary>
    /// <param name="key">The key in this table.</param>
    /// <param name="message">What the operator should know.</param>
    public void Warn(string key, string message) => _report.Warn(
        new ConfigurationError(_table.Find(key)?.KeyPosition ?? _table.Position, FullName(key), message));

    /// <summary>Adds an error that only the caller can see, such as two keys that contradict each other.</summary>
    /// <param name="key">The key in this table; its place in the file is reported if it has one.</param>
    /// <param name="message">What was expected and what came.</param>
    public void Reject(string key, string message) =>
        Reject(key, _table.Find(key)?.Value.Position ?? _table.Position, message);

    /// <summary>Ends the reading of this table and those within it.</summary>
    /// <exception cref="ConfigurationException">Something was wrong, or a key is unknown.</exception>
    public void Finish()
    {
        RejectUnknownKeys();
        _report.ThrowIfAny();
    }

    private void RejectUnknownKeys()
    {
        foreach (TomlEntry entry in _table.Entries.Where(entry => !_known.Contains(entry.Key)))
        {
            string? nearest = KeySuggestion.Nearest(entry.Key, _known.Except(_deprecated));
            string hint = nearest is null ? "" : $"; did you mean '{TomlWriter.Key(nearest)}'?";
            Reject(entry.Key, entry.KeyPosition, $"unknown key{hint}");
        }

        foreach (ConfigurationReader child in _children.Values)
        {
            child.RejectUnknownKeys();
        }
    }

    private List<string>? List(string key, string expectedItem, Func<TomlString, bool> isAllowed)
    {
        if (Read<TomlArray>(key, $"an array, each item {expectedItem}") is not { } array)
        {
            return null;
        }

        List<string> list = new();
        foreach (TomlValue item in array.Items)
        {
            if (item is not TomlString text)
            {
                Reject(key, item.Position, $"expected {expectedItem}, but got {item.Kind}");
            }
            else if (isAllowed(text))
            {
                list.Add(text.Value);
            }
        }

        return list.Count == array.Items.Count ? list : null;
    }

    private bool IsAbsolutePath(string key, TomlString path)
    {
        if (path.Value.StartsWith('/') && !path.Value.Contains('\0', StringComparison.Ordinal))
        {
            return true;
        }

        Reject(key, path.Position, $"expected an absolute path, but got {Excerpt.Of(path.Value)}");
        return false;
    }

    private T? Read<T>(string key, string expected)
        where T : TomlValue
    {
        _known.Add(key);
        TomlValue? value = _table.Find(key)?.Value;
        if (value is not (null or T))
        {
            Reject(key, value.Position, $"expected {expected}, but got {value.Kind}");
        }

        return value as T;
    }

    private void Reject(string key, TomlPosition position, string message) =>
        _report.Add(new ConfigurationError(position, FullName(key), message));

    private string FullName(string key) => _prefix + TomlWriter.Key(key);
}
