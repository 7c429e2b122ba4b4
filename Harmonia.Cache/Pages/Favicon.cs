using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.Pages;

/// <summary><c>/favicon.svg</c>: the icon of the pages. Browsers ask for <c>/favicon.ico</c> where a file or a log names no icon.</summary>
public static class Favicon
{
    /// <summary>The response, which is always the same.</summary>
    public static PreparedResponse Response { get; } = PreparedResponse.Of(
        ContentTypes.Svg,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
        <rect width="32" height="32" rx="7" fill="#1d5f8a"/>
        <path d="M10 8v16M22 8v16M10 16h12" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/>
        </svg>

        """u8.ToArray(),
        CachePolicy.Favicon);
}
