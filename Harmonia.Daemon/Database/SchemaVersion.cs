using System.Globalization;

namespace Harmonia.Daemon.Database;

/// <summary>
/// The number in the file <c>schema</c> beside the database: 10 since Nix 2.0, up to and including 2.36. Newer changes are rows of the table
/// SchemaMigrations and don't count. Nix: src/libstore/local-store.cc, getSchema.
/// </summary>
internal static class SchemaVersion
{
    public const int Supported = 10;
    public const string FileName = "schema";

    /// <summary>Refuses a database with another schema. A missing or empty file says nothing and is let through, as for a copied database.</summary>
    /// <exception cref="DatabaseUnavailableException">The number is another, or not a number.</exception>
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
            throw new DatabaseUnavailableException($"'{file}' should hold the number of the database's schema, not '{text}'.", null);
        }

        if (version != Supported)
        {
            string remedy = version > Supported
                ? "Install a newer Harmonia."
                : "Open the store once with Nix 2.3 or newer as its owner: that upgrades it.";
            throw new DatabaseUnavailableException(
                $"The store database beside '{file}' has schema {version}; Harmonia reads schema {Supported}. {remedy}", null);
        }
    }
}
