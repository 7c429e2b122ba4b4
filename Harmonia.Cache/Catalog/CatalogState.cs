namespace Harmonia.Cache.Catalog;

/// <summary>Whether the catalog can be asked, and if not, in general words why.</summary>
public enum CatalogState
{
    Ready,

    /// <summary>Nobody listens, or all connections are busy.</summary>
    Unreachable,

    /// <summary>It closes connections at once.</summary>
    Refusing,

    /// <summary>It took the question and did not answer in time.</summary>
    Silent,

    /// <summary>It answers, but for another store directory than the configured one.</summary>
    OtherStoreDirectory,

    /// <summary>It answers with an error, or with bytes that make no sense.</summary>
    Failing,
}
