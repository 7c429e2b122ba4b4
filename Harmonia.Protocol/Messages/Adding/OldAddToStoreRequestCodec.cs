using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The request of AddToStore before 1.25; the reply is a path.</summary>
public static class OldAddToStoreRequestCodec
{
    // Nix: src/libstore/daemon.cc, performOp, AddToStore, the branch for older clients
    //   string name · bool fixed · u64 recursive · string hashAlgorithm · a NAR, which ends itself

    /// <summary>
    /// Reads the request up to the NAR. The caller reads raw bytes and parses the NAR to find the end of the request.
    /// </summary>
    /// <exception cref="WireException">The bytes are not a request.</exception>
    public static async ValueTask<OldAddToStoreRequest> ReadAsync(WireReader reader, CancellationToken cancellationToken) => new()
    {
        Name = await reader.ReadTextAsync(WireLimits.Name, cancellationToken),
        Fixed = await reader.ReadBoolAsync(cancellationToken),
        Recursive = await reader.ReadPresenceAsync(cancellationToken),
        HashAlgorithm = await reader.ReadTextAsync(WireLimits.Name, cancellationToken),
    };
}
