namespace Harmonia.Tests.Nix;

/// <summary>The ways to send a NAR to a client. Each has its own code in the cache.</summary>
public enum NarWay
{
    /// <summary>HTTP/1.1 over TCP, as it is.</summary>
    Plain,

    /// <summary>HTTP/1.1 over a Unix socket, as it is.</summary>
    UnixSocket,

    /// <summary>Compressed for this one answer, as a content coding.</summary>
    CodedZstd,

    /// <summary>The <c>.nar.zst</c> that the narinfo names.</summary>
    StoredZstd,

    /// <summary>HTTP/1.1 in TLS, as it is.</summary>
    Tls,

    /// <summary>HTTP/2 in TLS, as it is.</summary>
    Http2,
}
