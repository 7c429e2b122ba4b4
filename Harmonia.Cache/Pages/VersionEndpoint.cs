using System.Text;
using Harmonia.Cache.Http;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.Pages;

/// <summary><c>/version</c>: the program's name and version, without a line feed.</summary>
public static class VersionEndpoint
{
    /// <summary>The version alone.</summary>
    public static string Number { get; } = typeof(VersionEndpoint).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "";

    /// <summary>The first line that <c>--version</c> prints.</summary>
    public static string Text { get; } = $"harmonia-cache {Number}";

    /// <summary>The response, which is always the same.</summary>
    public static PreparedResponse Response { get; } = PreparedResponse.Of(ContentTypes.Text, Encoding.UTF8.GetBytes(Text));
}
