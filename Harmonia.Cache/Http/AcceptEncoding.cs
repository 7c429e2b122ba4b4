using Microsoft.Extensions.Primitives;

namespace Harmonia.Cache.Http;

/// <summary>
/// The content codings that a client accepts (RFC 9110, section 12.5.3). Elements that break the grammar are ignored; of two elements for
/// the same coding the last one counts. Qualities are in thousandths.
/// </summary>
public readonly record struct AcceptEncoding
{
    private const int Best = 1000;

    private int? Zstd { get; init; }

    private int? Brotli { get; init; }

    private int? Gzip { get; init; }

    private int? Bzip2 { get; init; }

    private int? Identity { get; init; }

    /// <summary>What is said of all that are not named.</summary>
    private int? Any { get; init; }

    /// <summary>Whether a body may go out as it is. It may unless the client says otherwise.</summary>
    public bool AcceptsIdentity => (Identity ?? Any) != 0;

    /// <summary>Reads the lines of the header.</summary>
    public static AcceptEncoding Parse(StringValues header)
    {
        AcceptEncoding accepted = new();
        foreach (string? line in header)
            accepted = accepted.WithLine(line);
        return accepted;
    }

    /// <summary>
    /// The coding that the client likes best; of equals bzip2, which is there already, goes before zstd before brotli before gzip before
    /// identity. Also identity when the client accepts nothing that is offered: a body that it can't read is no worse than no body.
    /// </summary>
    /// <param name="offered">The codings that are available, beside identity.</param>
    public ContentCoding Choose(ContentCoding offered)
    {
        ContentCoding best = ContentCoding.Identity;
        int quality = 0;
        Prefer(offered & ContentCoding.Bzip2, Bzip2, ref best, ref quality);
        Prefer(offered & ContentCoding.Zstd, Zstd ?? Any, ref best, ref quality);
        Prefer(offered & ContentCoding.Brotli, Brotli ?? Any, ref best, ref quality);
        Prefer(offered & ContentCoding.Gzip, Gzip ?? Any, ref best, ref quality);
        return Identity > quality ? ContentCoding.Identity : best;
    }

    private static void Prefer(ContentCoding coding, int? listed, ref ContentCoding best, ref int quality)
    {
        if (coding != ContentCoding.Identity && listed > quality)
            (best, quality) = (coding, listed.Value);
    }

    private AcceptEncoding WithLine(ReadOnlySpan<char> line)
    {
        AcceptEncoding accepted = this;
        foreach (Range part in line.Split(','))
            accepted = accepted.With(line[part]);
        return accepted;
    }

    // "coding" or "coding;q=quality", with blanks around each.
    private AcceptEncoding With(ReadOnlySpan<char> element)
    {
        int semicolon = element.IndexOf(';');
        ReadOnlySpan<char> coding = (semicolon < 0 ? element : element[..semicolon]).Trim(" \t");
        int quality = Best;
        if (semicolon >= 0 && !TryParseWeight(element[(semicolon + 1)..].Trim(" \t"), out quality))
            return this;
        return coding switch
        {
            "*" => this with { Any = quality },
            _ when Is(coding, "zstd") => this with { Zstd = quality },
            _ when Is(coding, "br") => this with { Brotli = quality },
            _ when Is(coding, "gzip") || Is(coding, "x-gzip") => this with { Gzip = quality },
            _ when Is(coding, "bzip2") || Is(coding, "x-bzip2") => this with { Bzip2 = quality },
            _ when Is(coding, "identity") => this with { Identity = quality },
            _ => this,
        };
    }

    private static bool Is(ReadOnlySpan<char> coding, string name) => coding.Equals(name, StringComparison.OrdinalIgnoreCase);

    // "q=" and 0 or 1 with at most three decimals, no more than 1 in all (RFC 9110, section 12.4.2).
    private static bool TryParseWeight(ReadOnlySpan<char> weight, out int quality)
    {
        quality = 0;
        if (weight is not ['q' or 'Q', '=', '0' or '1', ..])
            return false;
        ReadOnlySpan<char> decimals = weight[3..];
        if (decimals.Length > 4 || (decimals.Length > 0 && decimals[0] != '.'))
            return false;
        quality = (weight[2] - '0') * Best;
        int place = Best / 10;
        foreach (char digit in decimals.IsEmpty ? decimals : decimals[1..])
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            quality += (digit - '0') * place;
            place /= 10;
        }

        return quality <= Best;
    }
}
