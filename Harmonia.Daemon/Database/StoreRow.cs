using System.Text;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Converts columns of the store's tables to values. A text is the bytes in the database, which need not be UTF-8. Nix:
/// src/libstore/local-store.cc, LocalStore::queryPathInfoInternal.
/// </summary>
internal static class StoreRow
{
    /// <summary>Texts up to this size are decoded on the stack: every usual path, hash and content address.</summary>
    private const int ShortText = 512;

    private delegate T Parser<T>(ReadOnlySpan<char> text, StoreDirectory directory);

    /// <summary>The bytes of a text column; NULL is empty.</summary>
    public static byte[] Bytes(SqliteDataReader row, int column) => row.IsDBNull(column) ? [] : row.GetFieldValue<byte[]>(column);

    /// <summary>An absolute store path.</summary>
    /// <exception cref="InvalidRowException">The column holds something else.</exception>
    public static StorePath Path(ReadOnlySpan<byte> utf8, StoreDirectory directory)
    {
        try
        {
            return Parse(utf8, directory, static (text, directory) => directory.ParsePath(text));
        }
        catch (FormatException exception)
        {
            throw new InvalidRowException($"The store database names something that is not a path of this store: {exception.Message}", exception);
        }
    }

    /// <summary>A store path; null if the column has none, or one that cannot be read.</summary>
    public static StorePath? Deriver(ReadOnlySpan<byte> utf8, StoreDirectory directory) =>
        Parse(utf8, directory, static (text, directory) => directory.TryParsePath(text, out StorePath? value) ? value : null);

    /// <summary>
    /// The columns hash, registrationTime, deriver, narSize, ultimate, sigs and ca from <paramref name="first"/> on. Old databases have
    /// derivers, signatures and content addresses in formats that are no longer readable. These are left out.
    /// </summary>
    /// <exception cref="InvalidRowException">The hash is not a SHA-256 hash.</exception>
    public static UnkeyedValidPathInfo PathInfo(
        PreparedQuery row, int first, StorePath path, IReadOnlyList<StorePath> references, StoreDirectory directory)
    {
        ReadOnlySpan<byte> hash = row.Utf8(first);
        NarHash narHash = Parse(hash, directory, static (text, _) => NarHash.TryParse(text, out NarHash value) ? value : (NarHash?)null)
            ?? throw new InvalidRowException(
                $"The store database has '{Encoding.UTF8.GetString(hash)}' as the hash of '{directory.Print(path)}', which is not a SHA-256 hash.", null);
        return new UnkeyedValidPathInfo
        {
            NarHash = narHash,
            RegistrationTime = (ulong)Math.Max(0, row.Int64(first + 1)),
            Deriver = Deriver(row.Utf8(first + 2), directory),
            NarSize = (ulong)Math.Max(0, row.Int64(first + 3)),
            Ultimate = row.Int64(first + 4) == 1,
            Signatures = Signatures(row.Utf8(first + 5)),
            ContentAddress = Parse(row.Utf8(first + 6), directory, static (text, _) => ContentAddress.TryParse(text, out ContentAddress? value) ? value : null),
            References = references,
        };
    }

    /// <summary>The hash of a derivation and the name of its output.</summary>
    /// <exception cref="InvalidRowException">The columns hold something else.</exception>
    public static DrvOutput DrvOutput(ReadOnlySpan<byte> derivationHash, ReadOnlySpan<byte> outputName)
    {
        try
        {
            return new DrvOutput(Encoding.UTF8.GetString(derivationHash), Encoding.UTF8.GetString(outputName));
        }
        catch (FormatException exception)
        {
            throw new InvalidRowException($"The store database has a realisation of something that is not an output: {exception.Message}", exception);
        }
    }

    /// <summary>The valid signatures of a text in which blanks separate signatures.</summary>
    public static IReadOnlyList<string> Signatures(ReadOnlySpan<byte> utf8) => utf8.IsEmpty
        ? []
        : [.. Encoding.UTF8.GetString(utf8).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(text => Signature.TryParse(text, out _))];

    /// <summary>Signatures in the form of the column: in ascending order, each once; null if there are none.</summary>
    public static string? Print(IReadOnlyList<string> signatures) =>
        signatures.Count == 0 ? null : string.Join(' ', signatures.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static T Parse<T>(ReadOnlySpan<byte> utf8, StoreDirectory directory, Parser<T> parser)
    {
        if (utf8.Length > ShortText)
        {
            return parser(Encoding.UTF8.GetString(utf8), directory);
        }

        Span<char> text = stackalloc char[ShortText];
        return parser(text[..Encoding.UTF8.GetChars(utf8, text)], directory);
    }
}
