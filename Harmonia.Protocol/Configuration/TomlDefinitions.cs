namespace Harmonia.Protocol.Configuration;

/// <summary>Who may add what to which table: TOML's rules on defining a name once.</summary>
internal static class TomlDefinitions
{
    /// <summary><c>[a.b.c]</c>: makes c, and a and b where they are not there yet.</summary>
    public static TomlTable DefineTable(TomlTable root, List<TomlKey> keys, TomlPosition position)
    {
        TomlTable parent = OpenSuperTables(root, keys);
        if (parent.Find(keys[^1].Text) is not { } existing)
        {
            return AddTable(parent, keys[^1], position, TomlTableOrigin.Header);
        }

        if (existing.Value is TomlTable { Origin: TomlTableOrigin.SuperTable } table)
        {
            table.Origin = TomlTableOrigin.Header;
            return table;
        }

        throw Redefined(keys, keys.Count, existing, "a new table");
    }

    /// <summary><c>[[a.b.c]]</c>: adds a table to the array c, and makes all that is not there yet.</summary>
    public static TomlTable DefineArrayElement(TomlTable root, List<TomlKey> keys, TomlPosition position)
    {
        TomlTable parent = OpenSuperTables(root, keys);
        TomlArray array;
        if (parent.Find(keys[^1].Text) is not { } existing)
        {
            array = new TomlArray(position, ofTables: true);
            parent.Add(new TomlEntry(keys[^1].Text, keys[^1].Position, array));
        }
        else if (existing.Value is TomlArray { IsOfTables: true } started)
        {
            array = started;
        }
        else
        {
            throw Redefined(keys, keys.Count, existing, "an array of tables");
        }

        TomlTable element = new(position, TomlTableOrigin.Header);
        array.Add(element);
        return element;
    }

    /// <summary><c>a.b.c = value</c> inside a table or between braces.</summary>
    public static void DefineValue(TomlTable table, List<TomlKey> keys, TomlValue value)
    {
        TomlTable parent = OpenDottedTables(table, keys);
        if (parent.Find(keys[^1].Text) is { } existing)
        {
            throw Redefined(keys, keys.Count, existing, "a new key");
        }

        parent.Add(new TomlEntry(keys[^1].Text, keys[^1].Position, value));
    }

    // A header goes through every table that is not closed by braces; an array of tables stands for its last element.
    private static TomlTable OpenSuperTables(TomlTable root, List<TomlKey> keys)
    {
        TomlTable table = root;
        for (int index = 0; index < keys.Count - 1; index++)
        {
            table = table.Find(keys[index].Text) switch
            {
                null => AddTable(table, keys[index], keys[index].Position, TomlTableOrigin.SuperTable),
                { Value: TomlTable { Origin: not TomlTableOrigin.Inline } open } => open,
                { Value: TomlArray { IsOfTables: true } array } => (TomlTable)array.Items[^1],
                { } existing => throw Redefined(keys, index + 1, existing, "a table that may be added to"),
            };
        }

        return table;
    }

    // A dotted key goes through tables that only keys and longer headers have named; one with a header of its own is closed.
    private static TomlTable OpenDottedTables(TomlTable table, List<TomlKey> keys)
    {
        for (int index = 0; index < keys.Count - 1; index++)
        {
            switch (table.Find(keys[index].Text))
            {
                case null:
                    table = AddTable(table, keys[index], keys[index].Position, TomlTableOrigin.DottedKey);
                    break;
                case { Value: TomlTable { Origin: TomlTableOrigin.SuperTable or TomlTableOrigin.DottedKey } open }:
                    open.Origin = TomlTableOrigin.DottedKey;
                    table = open;
                    break;
                case { } existing:
                    throw Redefined(keys, index + 1, existing, "a table that dotted keys may add to");
            }
        }

        return table;
    }

    private static TomlTable AddTable(TomlTable parent, TomlKey key, TomlPosition position, TomlTableOrigin origin)
    {
        TomlTable table = new(position, origin);
        parent.Add(new TomlEntry(key.Text, key.Position, table));
        return table;
    }

    private static TomlException Redefined(List<TomlKey> keys, int count, TomlEntry existing, string expected)
    {
        string name = string.Join('.', keys.Take(count).Select(key => TomlWriter.Key(key.Text)));
        return new TomlException(
            keys[count - 1].Position,
            $"expected {expected}, but '{name}' is already defined as {existing.Value.Kind} in line {existing.KeyPosition.Line}");
    }
}
