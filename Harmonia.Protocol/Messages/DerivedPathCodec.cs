using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages;

/// <summary>Derived paths, and lists of them.</summary>
public static class DerivedPathCodec
{
    // Nix: src/libstore/worker-protocol.cc, Serialise<DerivedPath>; src/libstore/path-with-outputs.cc
    //   string: since 1.30 "path", "path!*" or "path!output,output"
    //           before "path", which for a .drv means all its outputs, or "path!output,output"

    /// <summary>Writes the derived path.</summary>
    /// <exception cref="NotSupportedException">
    /// Before 1.30, a request cannot name a derivation as a path, or outputs of an output.
    /// </exception>
    public static void Write(WireWriter writer, MessageContext context, DerivedPath path) =>
        writer.WriteString(
            context.Version.IsAtLeast(30) ? path.Print(context.StoreDirectory) : PrintBefore30(context.StoreDirectory, path));

    /// <summary>Reads a derived path.</summary>
    /// <exception cref="WireException">It is something else.</exception>
    public static ValueTask<DerivedPath> ReadAsync(WireReader reader, MessageContext context, CancellationToken cancellationToken) =>
        reader.ReadDecodedAsync(
            WireLimits.DerivedPath,
            context,
            static (bytes, context) =>
            {
                DerivedPath path = DerivedPath.Parse(context.StoreDirectory, Encoding.UTF8.GetString(bytes));
                return path is DerivedPath.Opaque { Path.IsDerivation: true } && !context.Version.IsAtLeast(30)
                    ? new DerivedPath.Built(path, OutputsSpec.All)
                    : path;
            },
            cancellationToken);

    // Nix: src/libstore/include/nix/store/length-prefixed-protocol-helper.hh, std::vector
    //   u64 count · derived paths

    /// <summary>Reads a list.</summary>
    /// <exception cref="WireException">It is something else, or too large.</exception>
    public static async ValueTask<IReadOnlyList<DerivedPath>> ReadListAsync(
        WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.DerivedPaths, cancellationToken);
        List<DerivedPath> paths = [];
        for (int i = 0; i < count; i++)
        {
            paths.Add(await ReadAsync(reader, context, cancellationToken));
        }

        return paths;
    }

    private static string PrintBefore30(StoreDirectory directory, DerivedPath path) => path switch
    {
        DerivedPath.Opaque { Path.IsDerivation: false } => path.Print(directory),
        DerivedPath.Built { Derivation: DerivedPath.Opaque derivation, Outputs.IsAll: true } => derivation.Print(directory),
        DerivedPath.Built { Derivation: DerivedPath.Opaque } => path.Print(directory),
        _ => throw new NotSupportedException($"Before protocol 1.30, a request cannot name {path.Print(directory)}."),
    };
}
