namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>
/// How every connection begins. Nix: src/libstore/worker-protocol-connection.cc, handshake and postHandshake of both sides;
/// src/libstore/daemon.cc, processConnection.
/// </summary>
/// <remarks>
/// <code>
/// C→S  u64 client magic
/// S→C  u64 server magic, u64 version          flush: clients before Nix 2.23 wait for it before they go on
/// C→S  u64 version                            the older one is used
///      since 1.38: C→S set of features        flush
///                  S→C set of features        flush; those in both sets are used
/// C→S  u64 whether a CPU follows, [u64 CPU]   since 1.14; obsolete
/// C→S  u64 whether to reserve space           since 1.11; obsolete
/// S→C  string version of Nix                  since 1.33
/// S→C  u64 trusted                            since 1.35
/// S→C  stderr messages up to "last" or an error
/// </code>
/// </remarks>
internal static class HandshakeLayout
{
    public const uint ClientMagic = 0x6e697863;
    public const uint ServerMagic = 0x6478696f;

    public const byte FeaturesSince = 38;
    public const byte NixVersionSince = 33;
    public const byte TrustedSince = 35;
}
