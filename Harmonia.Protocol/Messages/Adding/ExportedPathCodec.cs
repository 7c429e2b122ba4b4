using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>
/// The metadata after a NAR in the data of ExportPath and ImportPaths, and in the files of <c>nix-store --export</c>. An import has a 1
/// before each path and a 0 at its end; an export of one path has neither.
/// </summary>
public static class ExportedPathCodec
{
    // Nix: src/libstore/export-import.cc, exportPath and importPaths
    //   u64 magic · path · set of paths references · optional path deriver · u64 0, or u64 1 and string (a signature of Nix before 2.0)

    /// <summary>The integer at the beginning of a path: <c>NIXE</c>.</summary>
    public const uint Magic = 0x4558494e;

    /// <summary>Writes the metadata of a path.</summary>
    public static void Write(WireWriter writer, MessageContext context, ExportedPath path)
    {
        writer.WriteUInt64(Magic);
        StorePathCodec.Write(writer, context, path.Path);
        StorePathCodec.WriteSet(writer, context, path.References);
        StorePathCodec.WriteOptional(writer, context, path.Deriver);
        writer.WriteBool(false);
    }

    /// <summary>Reads the metadata of a path. A signature is ignored.</summary>
    /// <exception cref="WireException">The bytes are something else.</exception>
    public static async ValueTask<ExportedPath> ReadAsync(WireReader reader, MessageContext context, CancellationToken cancellationToken)
    {
        uint magic = await reader.ReadUInt32Async(cancellationToken);
        if (magic != Magic)
        {
            throw new WireException($"Nix archive cannot be imported; wrong format: expected 0x{Magic:x} behind the NAR, but got 0x{magic:x}");
        }

        StorePath path = await StorePathCodec.ReadAsync(reader, context, cancellationToken);
        IReadOnlyList<StorePath> references = await StorePathCodec.ReadSetAsync(reader, context, cancellationToken);
        StorePath? deriver = await StorePathCodec.ReadOptionalAsync(reader, context, cancellationToken);
        if (await reader.ReadUInt64Async(cancellationToken) == 1)
        {
            _ = await reader.ReadBytesAsync(WireLimits.Signature, cancellationToken);
        }

        return new ExportedPath(path, references, deriver);
    }
}
