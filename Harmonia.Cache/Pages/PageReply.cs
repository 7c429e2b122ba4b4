using System.Security.Cryptography;
using System.Text;
using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.Pages;

/// <summary>
/// Sends an HTML page that may use its own style sheet, the icon and forms of this server, and nothing else: no script, no frame, no
/// other source.
/// </summary>
public sealed class PageReply(ContentSender sender)
{
    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(PageLayout.Style)))}'; "
        + "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>The headers of every page.</summary>
    public static IReadOnlyList<HeaderLine> Headers { get; } =
    [
        new HeaderLine("Content-Security-Policy", Policy),
        new HeaderLine("X-Content-Type-Options", "nosniff"),
        new HeaderLine("Referrer-Policy", "no-referrer"),
    ];

    public Task SendAsync(HttpContext context, ReadOnlyMemory<byte> page) => sender.SendAsync(
        context, new Representation { ContentType = ContentTypes.Html, Kind = BodyKind.Text, Others = Headers }, page);
}
