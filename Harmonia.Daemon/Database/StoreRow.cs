using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>The columns of the store's tables as values. Nix: src/libstore/local-store.cc, LocalStore::queryPathInfoInternal.</summary>
internal static class StoreRow
{
    /// <summary>Texts up to this size are decoded on the stack: every usual path, hash and content address.</summary>
    private const int ShortText = 512;

    private delegate T Parser<T>(ReadOnlySpan<char> text, StoreDirectory directory);

    /// <summary>A column that holds an absolute store path.</summary>
    /// <exception cref="InvalidRowException">It holds something else.</exception>
    public static StorePath Path(SqliteStatement row, int column, StoreDirectory directory)
    {
        try
        {
            return Parse(row.Utf8(column), directory, static (text, directory) => directory.ParsePath(text));
        }
        catch (FormatException exception)
        {
            throw new InvalidRowException($"The store database names something that is not a path of this store: {exception.Message}", exception);
        }
    }

    /// <summary>A column that may hold a store path; null also for what nobody can read any more.</summary>
    public static StorePath? Deriver(SqliteStatement row, int column, StoreDirectory directory) => row.IsNull(column)
        ? null
        : Parse(row.Utf8(column), directory, static (text, directory) => directory.TryParsePath(text, out StorePath? value) ? value : null);

    /// <summary>
    /// The columns hash, registrationTime, deriver, narSize, ultimate, sigs and ca from <paramref name="first"/> on. Old databases hold
    /// derivers, signatures and content addresses that nobody can read any more: those are left out.
    /// </summary>
    /// <exception cref="InvalidRowException">The hash is none.</exception>
    public static UnkeyedValidPathInfo PathInfo(
        SqliteStatement row, int first, StorePath path, IReadOnlyList<StorePath> references, StoreDirectory directory)
    {
        ReadOnlySpan<byte> hash = row.Utf8(first);
        NarHash narHash = Parse(hash, directory, static (text, _) => NarHash.TryParse(text, out NarHash value) ? value : (NarHash?)null)
            ?? throw new InvalidRowException(
                $"The store database has '{Encoding.UTF8.GetString(hash)}' as the hash of '{directory.Print(path)}', which is not a SHA-256 hash.", null);
        return new UnkeyedValidPathInfo
        {
            NarHash = narHash,
            RegistrationTime = (ulong)Math.Max(0, row.Int64(first + 1)),
            Deriver = Deriver(row, first + 2, directory),
            NarSize = (ulong)Math.Max(0, row.Int64(first + 3)),
            Ultimate = row.Int64(first + 4) == 1,
            Signatures = Signatures(row, first + 5),
            ContentAddress = Parse(row.Utf8(first + 6), directory, static (text, _) => ContentAddress.TryParse(text, out ContentAddress? value) ? value : null),
            References = references,
        };
    }

    /// <summary>The columns with the hash of a derivation and the name of its output.</summary>
    /// <exception cref="InvalidRowException">They hold something else.</exception>
    public static DrvOutput DrvOutput(SqliteStatement row, int first)
    {
        try
        {
            return new DrvOutput(row.Text(first), row.Text(first + 1));
        }
        catch (FormatException exception)
        {
            throw new InvalidRowException($"The store database has a realisation of something that is no output: {exception.Message}", exception);
        }
    }

    /// <summary>A column of signatures with blanks between them, without those that are none.</summary>
    public static IReadOnlyList<string> Signatures(SqliteStatement row, int column) => row.IsNull(column)
        ? []
        : [.. row.Text(column).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(text => Signature.TryParse(text, out _))];

    /// <summary>Signatures as that column has them: ascending, each once; null for none.</summary>
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
