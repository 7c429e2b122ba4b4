namespace Harmonia.Cache.Http;

/// <summary>Answers whose whole body is in memory.</summary>
public static class Reply
{
    /// <summary>Sends the body with its length; for HEAD the same headers and no body.</summary>
    public static Task BytesAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body)
    {
        HttpResponse response = context.Response;
        response.Headers.ContentType = contentType;
        response.ContentLength = body.Length;
        return Methods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.BodyWriter.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
