using System.Security.Cryptography;

namespace Harmonia.Protocol.Primitives;

/// <summary>The OpenSSL of the system, with which the runtime computes hashes and speaks TLS.</summary>
public static class OpenSsl
{
    /// <summary>
    /// Loads it. The runtime would load it for the first hash, and ends the process if it can't, for want of a file descriptor or of memory.
    /// So a server loads it before it accepts clients. It takes 2 to 3 ms.
    /// </summary>
    public static void Load() => _ = SHA256.HashData([]);
}
