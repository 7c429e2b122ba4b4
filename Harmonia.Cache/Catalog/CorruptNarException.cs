using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>The NAR of a path has the size that the database says, but another hash.</summary>
public sealed class CorruptNarException(StorePath path, NarHash expected, NarHash actual) : IOException(
    $"the NAR of {path.BaseName} has the hash {actual.ToPrefixedBase32()}, the database says {expected.ToPrefixedBase32()}");
