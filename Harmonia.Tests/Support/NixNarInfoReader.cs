using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Harmonia.Tests.Support;

/// <summary>
/// Reads a narinfo as strictly as the strictest Nix (src/libstore/nar-info.cc, NarInfo::NarInfo): a key up to the first colon, exactly
/// one character skipped, a value up to the line feed that every line must have.
/// </summary>
public static partial class NixNarInfoReader
{
    private const int TimeoutMilliseconds = 10_000;

    /// <summary>The keys and values in their order.</summary>
    /// <exception cref="FormatException">Some Nix would call it corrupt.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(ReadOnlySpan<byte> narInfo)
    {
        string text = Encoding.UTF8.GetString(narInfo);
        List<KeyValuePair<string, string>> fields = new();
        int position = 0;
        while (position < text.Length)
        {
            int colon = text.IndexOf(':', position);
            if (colon < 0)
                throw new FormatException("A line has no colon.");
            int value = colon + 2;
            int end = value > text.Length ? -1 : text.IndexOf('\n', value);
            if (end < 0)
                throw new FormatException("A line does not end.");
            fields.Add(new(text[position..colon], text[value..end]));
            position = end + 1;
        }

        foreach (string key in (string[])["StorePath", "URL", "NarHash", "NarSize"])
            Require(fields.Count(field => field.Key == key) == 1, key);
        foreach (string key in (string[])["References", "Compression", "FileHash", "FileSize", "Deriver", "CA"])
            Require(fields.Count(field => field.Key == key) <= 1, key);
        foreach ((string key, string value) in fields)
            Require(IsGood(key, value), $"{key}: {value}");
        return fields;
    }

    private static bool IsGood(string key, string value) => key switch
    {
        "StorePath" => value.StartsWith('/') && StoreName().IsMatch(value[(value.LastIndexOf('/') + 1)..]),
        "URL" => value.Length > 0 && !value.StartsWith('/'),
        "Compression" => value is "none" or "xz" or "bzip2" or "zstd" or "br",
        "NarHash" or "FileHash" => Sha256().IsMatch(value),
        "NarSize" or "FileSize" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong size) && size > 0,
        "References" => value.Length == 0 || value.Split(' ').All(reference => StoreName().IsMatch(reference)),
        "Deriver" => StoreName().IsMatch(value),
        "Sig" => Signature().IsMatch(value),
        "CA" => ContentAddress().IsMatch(value),
        _ => false,
    };

    private static void Require(bool condition, string what)
    {
        if (!condition)
            throw new FormatException($"Nix would not take this narinfo: {what}");
    }

    [GeneratedRegex(@"\A[0-9a-df-np-sv-z]{32}-[0-9a-zA-Z+._?=-]{1,211}\z", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex StoreName();

    [GeneratedRegex(@"\Asha256:[0-9a-df-np-sv-z]{52}\z", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex Sha256();

    [GeneratedRegex(@"\A[^: \n]+:[A-Za-z0-9+/]{86}==\z", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex Signature();

    [GeneratedRegex(@"\A(text:sha256|fixed:(r:|git:)?(md5|sha1|sha256|sha512)):[0-9a-df-np-sv-z]{26,103}\z", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex ContentAddress();
}
