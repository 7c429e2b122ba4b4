namespace Harmonia.Protocol.Store;

/// <summary>
/// The part of a store object that was hashed for its content address. Nix: src/libstore/include/nix/store/content-address.hh,
/// ContentAddressMethod.
/// </summary>
public enum ContentAddressMethod
{
    /// <summary>The content of one file that may have references, with SHA-256. <c>.drv</c> files have this method.</summary>
    Text,

    /// <summary>The content of one file.</summary>
    Flat,

    /// <summary>The NAR.</summary>
    Nar,

    /// <summary>The Git tree or blob, with SHA-1 or SHA-256; experimental in Nix.</summary>
    Git,
}
