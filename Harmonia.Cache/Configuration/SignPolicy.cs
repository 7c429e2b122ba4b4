namespace Harmonia.Cache.Configuration;

/// <summary>The paths that our keys sign. Signatures from the database are always served.</summary>
public enum SignPolicy
{
    All,

    /// <summary>Only paths that were built on this machine, not paths that were copied to it.</summary>
    Ultimate,

    None,
}
