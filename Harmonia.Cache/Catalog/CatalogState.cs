namespace Harmonia.Cache.Catalog;

/// <summary>Whether the catalog answers, and if not, the general reason.</summary>
public enum CatalogState
{
    Ready,

    /// <summary>No daemon listens, or all connections are busy.</summary>
    Unreachable,

    /// <summary>The daemon closes connections at once.</summary>
    Refusing,

    /// <summary>The daemon did not answer in time.</summary>
    Silent,

    /// <summary>The daemon serves another store directory than the configured one.</summary>
    OtherStoreDirectory,

    /// <summary>The daemon answers with an error or breaks the protocol.</summary>
    Failing,
}
