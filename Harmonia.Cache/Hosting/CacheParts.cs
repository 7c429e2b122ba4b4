using Harmonia.Cache.Catalog;

namespace Harmonia.Cache.Hosting;

/// <summary>The parts of a <see cref="CacheHost"/> that tests replace. Null stands for the part of the running program.</summary>
internal sealed record CacheParts
{
    /// <summary>Answers lookups in place of a daemon.</summary>
    public IStoreCatalog? Catalog { get; init; }

    /// <summary>Answers questions about realisations in place of a daemon.</summary>
    public IRealisationCatalog? Realisations { get; init; }

    /// <summary>Says which answers of the catalog still hold.</summary>
    public StoreFreshness? Freshness { get; init; }

    /// <summary>Gets the log messages in place of standard error.</summary>
    public ILoggerProvider? Log { get; init; }

    /// <summary>The clock of the send rate limit.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
