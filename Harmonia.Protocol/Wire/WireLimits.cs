namespace Harmonia.Protocol.Wire;

/// <summary>
/// Every limit on what a peer may claim. Each is checked before the first byte after the claim is read. Nix itself has almost no limits.
/// Where no reason is given, the number is generous and arbitrary.
/// </summary>
internal static class WireLimits
{
    /// <summary>
    /// Bytes of one request, without the streams in it (NARs, logs). This limits the memory of the daemon that a local user can take. About
    /// three million store paths.
    /// </summary>
    public const long Request = 256L << 20;

    /// <summary>Bytes of one reply, without the streams in it. About thirteen million store paths.</summary>
    public const long Reply = 1L << 30;

    /// <summary>Bytes of an absolute store path: PATH_MAX for the store directory, and a base name of 32 + 1 + 211.</summary>
    public const int StorePath = 4096 + 256;

    /// <summary>Store paths in a set or list. A builder's whole store stays far below.</summary>
    public const int StorePaths = 1 << 24;

    /// <summary>Hash parts in one request: more than the number of requests that a cache has at the same time.</summary>
    public const int HashParts = 1 << 10;

    /// <summary>
    /// Hash parts in one answer to AwaitStoreChange: as many as the daemon keeps, 2 MB. With more changes than that, a client does better to
    /// doubt everything.
    /// </summary>
    public const int ChangedPaths = 1 << 16;

    /// <summary>Bytes of a hash in any form. SHA-512 in hexadecimal with its prefix has 135.</summary>
    public const int Hash = 256;

    /// <summary>Bytes of a content address.</summary>
    public const int ContentAddress = 512;

    /// <summary>Bytes of one signature: the key's name is free text.</summary>
    public const int Signature = 4096;

    /// <summary>Signatures of one path or realisation.</summary>
    public const int Signatures = 4096;

    /// <summary>Bytes of a name: an output, a setting, a feature, a hash algorithm, a system.</summary>
    public const int Name = 1024;

    /// <summary>Bytes of a file-system path that is not a store path: PATH_MAX.</summary>
    public const int FilePath = 4096;

    /// <summary>Bytes of a derived path: a store path, followed by the names of the wanted outputs.</summary>
    public const int DerivedPath = 64 << 10;

    /// <summary>Derived paths in one request.</summary>
    public const int DerivedPaths = 1 << 20;

    /// <summary>Outputs of one derivation.</summary>
    public const int Outputs = 1 << 16;

    /// <summary>Bytes of one realisation as JSON.</summary>
    public const int RealisationJson = 1 << 20;

    /// <summary>Bytes of text for people: an error, a log line, an activity. The error of a failed build quotes its log.</summary>
    public const int Text = 16 << 20;

    /// <summary>Traces of an error, and fields of an activity or result.</summary>
    public const int Fields = 1 << 12;

    /// <summary>Settings in one SetOptions.</summary>
    public const int Settings = 1 << 12;

    /// <summary>Bytes of one setting's value.</summary>
    public const int SettingValue = 1 << 20;

    /// <summary>Features in the handshake.</summary>
    public const int Features = 1 << 10;

    /// <summary>
    /// Bytes of one file that is sent as one string: AddTextToStore, and an environment variable or argument of a derivation.
    /// </summary>
    public const int FileText = 64 << 20;

    /// <summary>Arguments of a derivation's builder, and its environment variables.</summary>
    public const int Arguments = 1 << 20;

    /// <summary>Bytes of one block of a pulled upload or of an export. Nix asks for 32 KiB, and sends its buffer of 32 or 64 KiB.</summary>
    public const int Block = 16 << 20;

    /// <summary>Roots in the answer to FindRoots.</summary>
    public const int Roots = 1 << 24;

    /// <summary>Bytes of one frame: Nix reads its length as 32 bits. Frames are streamed, so no memory depends on it.</summary>
    public const uint Frame = uint.MaxValue;
}
