namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>The environment of Nix's programs: without settings of this machine and user, and with a separate store.</summary>
internal sealed class NixEnvironment(Workspace workspace)
{
    private const string Settings = "build-users-group =\nsandbox = false\nfsync-metadata = false\nsubstituters =\n";

    private string ConfigurationDirectory => Path.Combine(workspace.Home, "etc");

    /// <summary>Variables for the store that all measurements share.</summary>
    public IReadOnlyDictionary<string, string> Shared => For(SharedUri);

    /// <summary>How Nix names the store that all measurements share.</summary>
    public string SharedUri => $"local?root={Path.Combine(workspace.Home, "root")}";

    /// <summary>How Nix names a store whose files and state lie elsewhere.</summary>
    public static string LocalUri(string realStore, string state) => $"local?store=/nix/store&real={realStore}&state={state}&log={state}/log";

    /// <summary>How Nix names a store that a daemon serves, whose files and state lie elsewhere.</summary>
    public static string DaemonUri(string socket, string realStore, string state) => $"unix://{socket}?real={realStore}&state={state}";

    /// <summary>Variables for another store, and changes to them.</summary>
    /// <param name="uri">How Nix names it.</param>
    public IReadOnlyDictionary<string, string> For(string uri, params (string Name, string Value)[] changes)
    {
        Dictionary<string, string> variables = new()
        {
            ["NIX_REMOTE"] = uri,
            ["NIX_CONF_DIR"] = ConfigurationDirectory,
            ["NIX_USER_CONF_FILES"] = "",
            ["XDG_CACHE_HOME"] = Path.Combine(workspace.Home, "cache"),
            ["HOME"] = workspace.Home,
        };
        foreach ((string name, string value) in changes)
            variables[name] = value;
        return variables;
    }

    /// <summary>Writes nix.conf.</summary>
    public async Task WriteSettingsAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(ConfigurationDirectory);
        await File.WriteAllTextAsync(Path.Combine(ConfigurationDirectory, "nix.conf"), Settings, cancellationToken);
    }
}
