using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary>
/// Builds a page from interpolated strings. Their literal text is markup; every value is text and is escaped, both for content and for
/// quoted attributes. Only the style sheet, a constant, is not escaped.
/// </summary>
public sealed class HtmlWriter
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _html = new();

    /// <summary>Adds markup; the interpolated string handler has already done it.</summary>
    public void Append([InterpolatedStringHandlerArgument("")] ref Handler markup) => _ = markup;

    /// <summary>Adds the base name of a path. Its hash part is quieter than its name.</summary>
    public void AppendPath(StorePath path) => Append($"<bdi><span class=\"hash\">{path.Hash.ToString()}-</span>{path.Name.ToString()}</bdi>");

    /// <summary>Adds the text of a style element. The hash in the Content-Security-Policy covers its bytes.</summary>
    public void AppendStyle([ConstantExpected] string style) => _html.Append(style);

    /// <summary>The page in UTF-8.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_html.ToString());

    /// <summary>The handler that the compiler uses for an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly StringBuilder _html;

        public Handler(int literalLength, int formattedCount, HtmlWriter writer)
        {
            _html = writer._html;
            _html.EnsureCapacity(_html.Length + literalLength + (16 * formattedCount));
        }

        public void AppendLiteral(string markup) => _html.Append(markup);

        public void AppendFormatted(string text) => _html.Append(Encoder.Encode(text));

        public void AppendFormatted(long number) => _html.Append(CultureInfo.InvariantCulture, $"{number}");
    }
}
