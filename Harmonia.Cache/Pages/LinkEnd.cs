namespace Harmonia.Cache.Pages;

/// <summary>What a symbolic link leads to, as this cache serves it.</summary>
public enum LinkEnd
{
    /// <summary>It was not followed, or is no link.</summary>
    Unknown,
    File,
    Directory,

    /// <summary>Nothing, or nothing that this cache serves.</summary>
    Nowhere,
}
