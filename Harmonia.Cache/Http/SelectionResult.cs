namespace Harmonia.Cache.Http;

/// <summary>What a request's conditions and range come to.</summary>
public enum SelectionResult
{
    /// <summary>The whole body, status 200.</summary>
    Whole,

    /// <summary>A part of the body, status 206.</summary>
    Partial,

    /// <summary>The body has none of the bytes that are asked for: status 416.</summary>
    Unsatisfiable,

    /// <summary>The client has it: status 304.</summary>
    NotModified,

    /// <summary>The client wants it only if it were another: status 412.</summary>
    PreconditionFailed,
}
