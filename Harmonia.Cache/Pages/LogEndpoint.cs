using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary>
/// <c>/log/&lt;drv&gt;</c>: the log of a build as text; its derivation need not be valid. Clients that accept bzip2 get a compressed log as
/// it is.
/// </summary>
public sealed class LogEndpoint(IStoreCatalog catalog, LogDirectory logs, CacheOptions options, ContentSender sender, ILogger<LogEndpoint> logger)
{
    // Each holds 4 MB as long as its client reads.
    private const int MaxDecoders = 64;
    private const int Piece = 64 * 1024;

    private static readonly HeaderLine[] Headers = [new HeaderLine("X-Content-Type-Options", "nosniff")];

    private readonly ConcurrencyLimit _decoders = new(MaxDecoders);

    public bool IsEnabled => options.Log;

    public async Task RunAsync(HttpContext context, Route route)
    {
        using LogFile? log = await FindAsync(route, context.RequestAborted);
        if (log is null)
        {
            logger.LogUnknown(KestrelRequest.Of(context).Target, context.TraceIdentifier);
            await ContentSender.SendErrorAsync(context, ErrorReply.MissedHash);
            return;
        }

        if (log.IsCompressed && TakesBzip2(context.Request))
        {
            await SendStoredAsync(context, log);
            return;
        }

        Selection selection = Selection.Of(KestrelRequest.Of(context).Headers, RepresentationOf(log));
        if (selection.IsDecided)
        {
            await ContentSender.SendDecidedAsync(context, selection);
        }
        else if (log.IsCompressed)
        {
            await SendDecodedAsync(context, log, selection);
        }
        else
        {
            await sender.SendAsync(context, selection, (part, output, cancellation) =>
                FileBody.WriteAsync(context, output, log.File.Contents, part, cancellation, mayGrow: true));
        }
    }

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

        // System calls on a slow disk must not block the other connections of the calling thread.
        return derivation is null ? null : await Task.Run(() => logs.Find(derivation), cancellationToken);
    }

    private static bool TakesBzip2(HttpRequest request) =>
        AcceptEncoding.Parse(request.Headers.AcceptEncoding).Choose(ContentCodings.All | ContentCoding.Bzip2) == ContentCoding.Bzip2;

    // The length of a compressed log is unknown until it has been decoded.
    private static Representation RepresentationOf(LogFile log) => new()
    {
        ContentType = ContentTypes.Text,
        Kind = BodyKind.Text,
        Tag = EntityTag.Strong($"{log.File.Size:x}-{log.Written.Ticks:x}"),
        CacheControl = CachePolicy.NoCache,
        Size = log.IsCompressed ? null : log.File.Size,
        AcceptsRanges = !log.IsCompressed,
        Others = Headers,
    };

    // No ranges: those of a log count its text.
    private async Task SendStoredAsync(HttpContext context, LogFile log)
    {
        Representation text = RepresentationOf(log);
        Representation stored = text with
        {
            Kind = BodyKind.Opaque,
            Tag = text.Tag?.In(ContentCoding.Bzip2),
            Coding = ContentCoding.Bzip2,
            Size = log.File.Size,
        };
        Selection selection = Selection.Of(KestrelRequest.Of(context).Headers, stored);
        await sender.SendAsync(context, selection, (part, output, cancellation) =>
            FileBody.WriteAsync(context, output, log.File.Contents, part, cancellation, mayGrow: true));
    }

    private async Task SendDecodedAsync(HttpContext context, LogFile log, Selection selection)
    {
        if (!_decoders.TryTake())
        {
            logger.OverLimit(KestrelRequest.Of(context).Target, "too many compressed logs at once", context.TraceIdentifier);
            context.Response.Clear();
            await ContentSender.SendErrorAsync(context, ErrorReply.ServiceUnavailable);
            return;
        }

        try
        {
            await DecodeAsync(context, log, selection);
        }
        catch (InvalidDataException exception) when (!context.Response.HasStarted)
        {
            // So is the log of a running build.
            logger.LogUnreadable(KestrelRequest.Of(context).Target, exception.Message, context.TraceIdentifier);
            context.Response.Clear();
            await ContentSender.SendErrorAsync(context, ErrorReply.MissedHash);
        }
        finally
        {
            _decoders.Release();
        }
    }

    // The first piece is read before the status line, so that a damaged log is a 404.
    private async Task DecodeAsync(HttpContext context, LogFile log, Selection selection)
    {
        using Bzip2Reader reader = new(log.File.Contents);
        byte[] piece = new byte[Piece];
        int length = reader.Read(piece);
        await sender.SendAsync(context, selection, async (_, output, cancellation) =>
        {
            for (; length > 0; length = reader.Read(piece))
                await BodyBytes.WriteAsync(output, piece.AsMemory(0, length), cancellation);
        });
    }
}
