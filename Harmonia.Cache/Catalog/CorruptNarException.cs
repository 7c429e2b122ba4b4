using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>The files of a path make another NAR than the database says, of the same size.</summary>
public sealed class CorruptNarException(StorePath path, NarHash expected, NarHash actual) : IOException(
    $"the NAR of {path.BaseName} has the hash {actual.ToPrefixedBase32()}, the database says {expected.ToPrefixedBase32()}");
