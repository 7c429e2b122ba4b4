using System.Globalization;

namespace Harmonia.Daemon.Database;

/// <summary>
/// The number in the file <c>schema</c> beside the database: 10 from Nix 2.0 to 2.36. Newer changes are rows of the table SchemaMigrations
/// and do not affect it. Nix: src/libstore/local-store.cc, getSchema.
/// </summary>
internal static class SchemaVersion
{
    public const int Supported = 10;
    public const string FileName = "schema";

    /// <summary>Refuses a database with another schema. Accepts a missing or empty file, which a copied database may have.</summary>
    /// <exception cref="DatabaseUnavailableException">The file contains another number, or no number.</exception>
    public static void Check(string databaseFolder)
    {
        string file = Path.Combine(databaseFolder, FileName);
        string text = File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        if (text.Length == 0)
        {
            return;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version))
        {
            throw new DatabaseUnavailableException($"'{file}' should contain the version of the database's schema, but contains '{text}'.", null);
        }

        if (version != Supported)
        {
            string remedy = version > Supported
                ? "Install a newer Harmonia."
                : "Open the store once with Nix 2.3 or newer as its owner to upgrade it.";
            throw new DatabaseUnavailableException(
                $"The store database beside '{file}' has schema {version}; Harmonia supports schema {Supported}. {remedy}", null);
        }
    }
}
