namespace Harmonia.Daemon.Adding;

/// <summary>The directories of a store below a root, where Nix finds them with <c>--store ROOT</c>.</summary>
internal sealed class StoreLayout(string root)
{
    /// <summary>The directory with the store's files, whatever the store directory of their paths is.</summary>
    public string RealStoreDirectory { get; } = Path.Combine(root, "nix", "store");

    public string StateDirectory { get; } = Path.Combine(root, "nix", "var", "nix");

    public string DatabaseFolder => Path.Combine(StateDirectory, "db");

    public string DatabasePath => Path.Combine(DatabaseFolder, "db.sqlite");

    /// <summary>The directories of an empty store. Nix: src/libstore/local-store.cc, LocalStore::LocalStore.</summary>
    public IReadOnlyList<string> Folders =>
    [
        Path.Combine(RealStoreDirectory, ".links"),
        DatabaseFolder,
        Path.Combine(StateDirectory, "gcroots", "per-user"),
        Path.Combine(StateDirectory, "profiles", "per-user"),
        Path.Combine(StateDirectory, "temproots"),
    ];
}
