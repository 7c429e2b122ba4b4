using System.Security.Cryptography;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Pages;

/// <summary>
/// Sends a file of the store. Anybody who can add a path decides its contents, so a browser must not guess the type, and gets it
/// in a sandbox: no script runs, and nothing is fetched from elsewhere.
/// </summary>
public sealed class ServedFile(ContentSender sender)
{
    private const string Policy = "sandbox; default-src 'self' data: 'unsafe-inline'";
    private const int TagLength = 20;

    private static readonly HeaderLine[] Headers =
    [
        new HeaderLine("Content-Security-Policy", Policy),
        new HeaderLine("X-Content-Type-Options", "nosniff"),
    ];

    /// <param name="context">The request.</param>
    /// <param name="location">Where the file was found.</param>
    /// <param name="file">The file there.</param>
    /// <param name="name">The requested name, which decides the type if that of the file does not.</param>
    public async Task SendAsync(HttpContext context, StoreLocation location, TreeNode.Regular file, string name)
    {
        string type = TypeOf(location, file, name);
        Selection selection = Selection.Of(KestrelRequest.Of(context).Headers, new Representation
        {
            ContentType = type,
            Kind = MediaTypes.IsText(type) ? BodyKind.Text : BodyKind.Opaque,
            Tag = TagOf(location),
            Size = file.Size,
            AcceptsRanges = true,
            Others = Headers,
        });
        if (selection.Result is SelectionResult.Whole or SelectionResult.Partial)
            selection = selection with { Representation = selection.Representation with { Others = [.. Headers, DispositionOf(name, type)] } };
        await sender.SendAsync(context, selection, (part, output, cancellation) =>
            FileBody.WriteAsync(context, output, file.Contents, part, cancellation));
    }

    // The file that a link leads to has the better name. What a browser would save by its name it shows if it is text.
    private static string TypeOf(StoreLocation location, TreeNode.Regular file, string name)
    {
        string type = MediaTypes.Of(location.Names.Count == 0 ? location.Object.Path.Name.ToString() : ReadableBytes.Of(location.Names[^1].Span));
        if (type == MediaTypes.Unknown)
            type = MediaTypes.Of(name);
        if (MediaTypes.IsShown(type))
            return type;
        Span<byte> beginning = stackalloc byte[TextBytes.Enough];
        return TextBytes.IsText(beginning[..RandomAccess.Read(file.Contents, beginning, 0)]) ? ContentTypes.Text : type;
    }

    private static HeaderLine DispositionOf(string name, string type) =>
        new("Content-Disposition", ContentDisposition.Of(name, MediaTypes.IsShown(type)));

    // The NAR hash determines the bytes of each file, so replicas and rebuilt paths agree; inodes and times would differ.
    private static EntityTag TagOf(StoreLocation location)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] narHash = new byte[SHA256.HashSizeInBytes];
        location.Object.Info.NarHash.CopyTo(narHash);
        hash.AppendData(narHash);
        foreach (ReadOnlyMemory<byte> name in location.Names)
        {
            hash.AppendData("/"u8);
            hash.AppendData(name.Span);
        }

        return EntityTag.Strong(Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, TagLength)));
    }
}
