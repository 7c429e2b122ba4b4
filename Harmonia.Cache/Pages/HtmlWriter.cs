using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Harmonia.Cache.Pages;

/// <summary>
/// Builds a page from interpolated strings: their literal text is markup, every value in them is text and escaped, for content as well
/// as for quoted attributes. Only a style sheet, which is a constant, goes in as it is.
/// </summary>
public sealed class HtmlWriter
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _html = new();

    /// <summary>Adds markup; making the handler has done it.</summary>
    public void Append([InterpolatedStringHandlerArgument("")] ref Handler markup) => _ = markup;

    /// <summary>Adds the text of a style element. Its bytes are what a hash in the Content-Security-Policy is of.</summary>
    public void AppendStyle([ConstantExpected] string style) => _html.Append(style);

    /// <summary>The page in UTF-8.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_html.ToString());

    /// <summary>What the compiler makes of an interpolated string.</summary>
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
