using System.Security.Cryptography;
using Harmonia.Cache.Http;
using Harmonia.Cache.Store;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Endpoints;

/// <summary>
/// Sends a file of the store. Anybody who can add a path decides what is in it, so a browser gets it with its type as it is said and in
/// a sandbox: no script runs, and nothing is fetched from elsewhere.
/// </summary>
public static class ServedFile
{
    private const string Policy = "sandbox; default-src 'self' data: 'unsafe-inline'";
    private const int TagLength = 20;

    /// <param name="context">Whose answer it is.</param>
    /// <param name="location">Where the file was found.</param>
    /// <param name="file">The file there.</param>
    /// <param name="name">The name under which it was asked for, which decides the type.</param>
    public static async Task SendAsync(HttpContext context, StoreLocation location, TreeNode.Regular file, string name)
    {
        HttpResponse response = context.Response;
        EntityTag tag = TagOf(location);
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        if (tag.MatchesIfNoneMatch(context.Request.Headers.IfNoneMatch))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.ETag = tag.Text;
            return;
        }

        switch (RangeRequest.Select(context.Request, tag, file.Size, out ByteRange range))
        {
            case RangeResult.Partial:
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = $"bytes {range.Offset}-{range.Last}/{file.Size}";
                break;
            case RangeResult.Unsatisfiable:
                response.Headers.ContentRange = $"bytes */{file.Size}";
                await ErrorReply.RangeNotSatisfiable.WriteAsync(context);
                return;
        }

        string type = MediaTypes.Of(name);
        response.Headers.ETag = tag.Text;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ContentType = type;
        response.Headers.ContentDisposition = ContentDisposition.Of(name, MediaTypes.IsShown(type));
        response.ContentLength = range.Length;
        if (!Methods.IsHead(context.Request.Method))
            await FileBody.WriteAsync(file.Contents, range, response.BodyWriter, context.RequestAborted);
    }

    // The hash of the NAR fixes the bytes of each file in it, so replicas and rebuilt paths agree, which inodes and times would not.
    private static EntityTag TagOf(StoreLocation location)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
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
