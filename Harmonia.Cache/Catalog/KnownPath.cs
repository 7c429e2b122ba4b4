using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>An answer of the daemon, and what would be remembered of it.</summary>
/// <param name="Path">The path.</param>
/// <param name="Record">The bytes that <see cref="PathRecord"/> is read from, as <see cref="CachingCatalog"/> keeps them.</param>
public sealed record KnownPath(ValidPathInfo Path, byte[] Record);
