namespace Harmonia.Cache.Http;

/// <summary>What a Range header comes to.</summary>
public enum RangeResult
{
    /// <summary>No usable range: the whole body, status 200.</summary>
    Whole,

    /// <summary>A part of the body, status 206.</summary>
    Partial,

    /// <summary>Good grammar, but the body has none of these bytes: status 416.</summary>
    Unsatisfiable,
}
