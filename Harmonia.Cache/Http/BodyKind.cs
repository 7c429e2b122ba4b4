namespace Harmonia.Cache.Http;

/// <summary>What a body is to compression.</summary>
public enum BodyKind
{
    /// <summary>Sent as it is: it is small, compressed already, or nobody knows what it is.</summary>
    Opaque,

    /// <summary>Text that people or programs read.</summary>
    Text,

    /// <summary>A NAR that is to be compressed for clients that accept it.</summary>
    Nar,
}
