using System.Text;

namespace Harmonia.Cache.Http;

/// <summary>The Content-Disposition header of a file (RFC 6266).</summary>
public static class ContentDisposition
{
    /// <summary>Any name fits: what a quoted string cannot carry is replaced there and stands in <c>filename*</c> (RFC 8187).</summary>
    public static string Of(string fileName, bool isShown)
    {
        string plain = string.Concat(fileName.Select(character => IsPlain(character) ? character : '_'));
        string header = $"{(isShown ? "inline" : "attachment")}; filename=\"{plain}\"";
        return plain == fileName ? header : $"{header}; filename*=UTF-8''{PercentEncoding.Encode(Encoding.UTF8.GetBytes(fileName))}";
    }

    // Some clients decode escapes in the quoted string, so a percent sign is not safe there either.
    private static bool IsPlain(char character) => character is >= ' ' and <= '~' and not ('"' or '\\' or '%');
}
