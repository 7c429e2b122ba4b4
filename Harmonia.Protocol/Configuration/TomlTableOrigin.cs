namespace Harmonia.Protocol.Configuration;

/// <summary>What made a table. It decides who may still add to it (TOML 1.0, Table and Inline Table).</summary>
internal enum TomlTableOrigin
{
    /// <summary>Named on the way to another table's header, and not yet defined itself.</summary>
    SuperTable,

    /// <summary>Defined by its own <c>[header]</c> or <c>[[header]]</c>; the root counts as such.</summary>
    Header,

    /// <summary>Defined by dotted keys.</summary>
    DottedKey,

    /// <summary>Defined between braces, and closed.</summary>
    Inline,
}
