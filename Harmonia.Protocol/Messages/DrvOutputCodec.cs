using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>
/// An output by derivation hash: the request of QueryRealisation without <see cref="ProtocolFeatures.RealisationWithPathNotHash"/>.
/// </summary>
public static class DrvOutputCodec
{
    // Nix: 2.34, src/libstore/common-protocol.cc, Serialise<DrvOutput>
    //   string "sha256:…!output"

    /// <summary>Writes the output.</summary>
    public static void Write(WireWriter writer, DrvOutput output) => writer.WriteString(output.ToString());

    /// <summary>Reads an output.</summary>
    /// <exception cref="WireException">It is something else.</exception>
    public static ValueTask<DrvOutput> ReadAsync(WireReader reader, CancellationToken cancellationToken) =>
        reader.ReadDecodedAsync(
            WireLimits.Name, 0, static (bytes, _) => DrvOutput.Parse(Encoding.UTF8.GetString(bytes)), cancellationToken);
}
