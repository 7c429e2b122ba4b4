namespace Harmonia.Protocol.Configuration;

/// <summary>A TOML array; its items may be of different types.</summary>
public sealed class TomlArray : TomlValue
{
    private readonly List<TomlValue> _items;

    /// <summary>An array that comes from no file.</summary>
    /// <param name="items">The items, in order.</param>
    public TomlArray(IEnumerable<TomlValue> items)
        : base(null) => _items = [.. items];

    internal TomlArray(TomlPosition position, bool ofTables = false)
        : base(position) => (_items, IsOfTables) = ([], ofTables);

    /// <summary>The items, in order.</summary>
    public IReadOnlyList<TomlValue> Items => _items;

    /// <inheritdoc/>
    public override string Kind => "an array";

    /// <summary>Made by <c>[[name]]</c> headers, so that further ones may add to it; a written-out array is closed.</summary>
    internal bool IsOfTables { get; }

    internal void Add(TomlValue item) => _items.Add(item);
}
