using System.IO.Pipelines;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Cache.Logs;
using Harmonia.Cache.Observability;
using Harmonia.Cache.Store;
using Harmonia.Protocol.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.Net.Http.Headers;

namespace Harmonia.Cache.Endpoints;

/// <summary>
/// <c>/log/&lt;drv&gt;</c>: the log of a build as text, whether its derivation is still valid or not. A compressed one is sent as it is to
/// clients that take bzip2.
/// </summary>
public sealed class LogEndpoint(IStoreCatalog catalog, LogDirectory logs, CacheOptions options, ILogger<LogEndpoint> logger) : IDisposable
{
    // Each holds 4 MB while its client reads.
    private const int MaxDecoders = 64;
    private const int Piece = 64 * 1024;

    private static readonly ErrorReply MissedHash = new(StatusCodes.Status404NotFound, "missed hash");

    private readonly SemaphoreSlim _decoders = new(MaxDecoders);

    public bool IsEnabled => options.Log;

    public async Task RunAsync(HttpContext context, Route route)
    {
        using LogFile? log = await FindAsync(route, context.RequestAborted);
        if (log is null)
        {
            logger.LogUnknown(RequestTarget.TextOf(context), context.TraceIdentifier);
            await MissedHash.WriteAsync(context);
            return;
        }

        string? coding = log.IsCompressed ? AcceptedCoding(context.Request) : null;
        string suffix = coding is null ? "" : "-bzip2";
        EntityTag tag = EntityTag.Strong($"{log.File.Size:x}-{log.Written.Ticks:x}{suffix}");
        WriteHeaders(context.Response, log, coding, tag);
        if (tag.MatchesIfNoneMatch(context.Request.Headers.IfNoneMatch))
            context.Response.StatusCode = StatusCodes.Status304NotModified;
        else if (!log.IsCompressed)
            await SendPlainAsync(context, log, tag);
        else if (coding is null)
            await SendDecodedAsync(context, log);
        else
            await SendAsync(context, log, new ByteRange(0, log.File.Size));
    }

    public void Dispose() => _decoders.Dispose();

    private async Task<LogFile?> FindAsync(Route route, CancellationToken cancellationToken)
    {
        StorePath? derivation = route.Derivation;
        if (route.OutHash is { } hash)
        {
            ValidPathInfo? path = await catalog.FindAsync(hash, cancellationToken);
            derivation = path is { Path.IsDerivation: true }
                ? path.Path
                : await Task.Run(() => logs.FindName(hash), cancellationToken);
        }

        // System calls on a slow disk must not hold up the other connections of the calling thread.
        return derivation is null ? null : await Task.Run(() => logs.Find(derivation), cancellationToken);
    }

    private static string? AcceptedCoding(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out IList<StringWithQualityHeaderValue>? codings)
            ? codings.FirstOrDefault(coding => coding.Quality != 0 && IsBzip2(coding.Value.Value))?.Value.Value
            : null;

    private static bool IsBzip2(string? coding) =>
        "bzip2".Equals(coding, StringComparison.OrdinalIgnoreCase) || "x-bzip2".Equals(coding, StringComparison.OrdinalIgnoreCase);

    private static void WriteHeaders(HttpResponse response, LogFile log, string? coding, EntityTag tag)
    {
        response.Headers.ETag = tag.Text;
        response.Headers.CacheControl = CachePolicy.NoCache;
        response.Headers.ContentType = ContentTypes.Text;
        response.Headers.XContentTypeOptions = "nosniff";
        if (coding is not null)
            response.Headers.ContentEncoding = coding;
        if (log.IsCompressed)
            response.Headers.Vary = HeaderNames.AcceptEncoding;
    }

    private static async Task SendPlainAsync(HttpContext context, LogFile log, EntityTag tag)
    {
        HttpResponse response = context.Response;
        response.Headers.AcceptRanges = "bytes";
        switch (RangeRequest.Select(context.Request, tag, log.File.Size, out ByteRange range))
        {
            case RangeResult.Partial:
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = $"bytes {range.Offset}-{range.Last}/{log.File.Size}";
                break;
            case RangeResult.Unsatisfiable:
                response.Headers.ContentRange = $"bytes */{log.File.Size}";
                await ErrorReply.RangeNotSatisfiable.WriteAsync(context);
                return;
        }

        await SendAsync(context, log, range);
    }

    private static async Task SendAsync(HttpContext context, LogFile log, ByteRange range)
    {
        context.Response.ContentLength = range.Length;
        if (!Methods.IsHead(context.Request.Method))
            await FileBody.WriteAsync(log.File.Contents, range, context.Response.BodyWriter, context.RequestAborted);
    }

    private async Task SendDecodedAsync(HttpContext context, LogFile log)
    {
        if (!await _decoders.WaitAsync(TimeSpan.Zero))
        {
            logger.OverLimit(RequestTarget.TextOf(context), "too many compressed logs at once", context.TraceIdentifier);
            context.Response.Clear();
            await ErrorReply.ServiceUnavailable.WriteAsync(context);
            return;
        }

        try
        {
            await DecodeAsync(context, log);
        }
        catch (InvalidDataException exception) when (!context.Response.HasStarted)
        {
            // So is the log of a build that is still going on.
            logger.LogUnreadable(RequestTarget.TextOf(context), exception.Message, context.TraceIdentifier);
            context.Response.Clear();
            await MissedHash.WriteAsync(context);
        }
        finally
        {
            _decoders.Release();
        }
    }

    // The first piece is read before the status line goes out, so that a damaged log is a 404.
    private static async Task DecodeAsync(HttpContext context, LogFile log)
    {
        using var reader = new Bzip2Reader(log.File.Contents);
        PipeWriter output = context.Response.BodyWriter;
        int length = reader.Read(output.GetSpan(Piece));
        if (Methods.IsHead(context.Request.Method))
            return;
        while (length > 0)
        {
            output.Advance(length);
            FlushResult flushed = await output.FlushAsync(context.RequestAborted);
            if (flushed.IsCompleted)
                throw new ConnectionAbortedException("The client is gone.");
            length = reader.Read(output.GetSpan(Piece));
        }
    }
}
