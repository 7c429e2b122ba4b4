namespace Harmonia.Cache.Configuration;

/// <summary>Which paths get signatures of our keys; those in the database are served in any case.</summary>
public enum SignPolicy
{
    All,

    /// <summary>Only what was built on this machine, not what it copied from elsewhere.</summary>
    Ultimate,

    None,
}
