namespace Harmonia.Cache.Catalog;

/// <summary>What the first byte of a <see cref="PathRecord"/> says.</summary>
[Flags]
internal enum PathRecordFlags : byte
{
    /// <summary>Nothing of what follows.</summary>
    None = 0,

    /// <summary>The path was built on this machine.</summary>
    Ultimate = 1,

    /// <summary>The path is one of its own references; only its place in the list is there.</summary>
    RefersToItself = 2,

    /// <summary>There is a derivation.</summary>
    HasDeriver = 4,

    /// <summary>The derivation has the beginning of the name of the path and <c>.drv</c>; its hash part is there, and the length of that beginning.</summary>
    DeriverHasName = 8,

    /// <summary>There is a content address.</summary>
    HasContentAddress = 16,

    /// <summary>The numbers of names are those of a table that is odd (<see cref="BaseNames.IsOdd"/>).</summary>
    OddNames = 32,
}
