namespace Harmonia.Protocol.Configuration;

/// <summary>A TOML table: keys and values in the order they were written.</summary>
public sealed class TomlTable : TomlValue
{
    private readonly Dictionary<string, TomlEntry> _byKey = new(StringComparer.Ordinal);
    private readonly List<TomlEntry> _entries = [];

    /// <summary>An empty table that comes from no file.</summary>
    public TomlTable()
        : this(null, TomlTableOrigin.Header)
    {
    }

    internal TomlTable(TomlPosition? position, TomlTableOrigin origin)
        : base(position) => Origin = origin;

    /// <summary>The keys with their values.</summary>
    public IReadOnlyList<TomlEntry> Entries => _entries;

    /// <inheritdoc/>
    public override string Kind => "a table";

    internal TomlTableOrigin Origin { get; set; }

    /// <summary>The entry of a key, or null when the table has none.</summary>
    /// <param name="key">The key's text, without quotes.</param>
    public TomlEntry? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Adds a value that comes from no file.</summary>
    /// <param name="key">The key's text, without quotes.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The table has this key already.</exception>
    public void Add(string key, TomlValue value) => Add(new TomlEntry(key, TomlPosition.None, value));

    internal void Add(TomlEntry entry)
    {
        _byKey.Add(entry.Key, entry);
        _entries.Add(entry);
    }
}
