namespace Harmonia.Cache.Transport;

/// <summary>Where sending has got to.</summary>
internal enum SendProgress
{
    /// <summary>Everything is out.</summary>
    Done,

    /// <summary>The kernel has no room for more.</summary>
    NoRoom,

    /// <summary>It has, and others should have the thread first.</summary>
    OthersFirst,
}
