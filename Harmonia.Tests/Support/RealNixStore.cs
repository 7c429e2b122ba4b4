namespace Harmonia.Tests.Support;

/// <summary>
/// A store of its own, made and kept by a real Nix under a temporary folder. Dispose removes it, read-only directories included.
/// </summary>
public sealed class RealNixStore : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private RealNixStore(NixRelease release, RealNixStoreLayout layout)
    {
        Release = release;
        bool chroot = layout == RealNixStoreLayout.Chroot;
        string prefix = chroot ? $"{Root}/root/nix" : Root;
        StoreDirectory = chroot ? "/nix/store" : $"{Root}/store";
        RealStoreDirectory = $"{prefix}/store";
        StateDirectory = $"{prefix}/var/nix";
        LogDirectory = $"{prefix}/var/log/nix";
        Dictionary<string, string?> environment = new()
        {
            ["HOME"] = $"{Root}/home",
            ["XDG_CACHE_HOME"] = $"{Root}/home/.cache",
            ["NIX_CONF_DIR"] = $"{Root}/etc",
            ["NIX_USER_CONF_FILES"] = "",
            ["NIX_REMOTE"] = chroot ? $"local?root={Root}/root" : "local",
        };
        if (!chroot)
        {
            environment["NIX_STORE_DIR"] = StoreDirectory;
            environment["NIX_STATE_DIR"] = StateDirectory;
            environment["NIX_LOG_DIR"] = LogDirectory;
        }

        Environment = environment;
    }

    public NixRelease Release { get; }

    /// <summary>The temporary folder everything lies in.</summary>
    public string Root => _directory.Path;

    /// <summary>What store paths begin with.</summary>
    public string StoreDirectory { get; }

    /// <summary>Where their files are.</summary>
    public string RealStoreDirectory { get; }

    public string StateDirectory { get; }

    public string LogDirectory { get; }

    public string Database => $"{StateDirectory}/db/db.sqlite";

    /// <summary>Variables that make any of Nix's programs use this store directly.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; }

    /// <summary>What a client adds to a daemon's <c>unix://</c> URI so that it finds the store's files itself.</summary>
    public string ClientParameters => StoreDirectory == RealStoreDirectory ? "" : $"?root={Root}/root";

    /// <summary>The key its builds are signed with, as <c>name:base64</c>.</summary>
    public string PublicKey => File.ReadAllText($"{Root}/etc/public-key");

    /// <summary>An empty store.</summary>
    /// <param name="release">Which Nix makes it.</param>
    /// <param name="layout">Where it lies.</param>
    /// <param name="configuration">More lines for its nix.conf.</param>
    public static async Task<RealNixStore> CreateAsync(
        NixRelease release, RealNixStoreLayout layout = RealNixStoreLayout.Direct, string configuration = "")
    {
        RealNixStore store = new(release, layout);
        Directory.CreateDirectory($"{store.Root}/home");
        Directory.CreateDirectory($"{store.Root}/etc");
        File.WriteAllText($"{store.Root}/etc/nix.conf", $"""
            build-users-group =
            sandbox = false
            sandbox-paths = /bin /lib /lib64 /usr
            substituters =
            experimental-features = nix-command ca-derivations
            secret-key-files = {store.Root}/etc/secret-key
            {configuration}

            """);
        await store.RunAsync(
            "nix-store", "--generate-binary-cache-key", "harmonia-tests-1", $"{store.Root}/etc/secret-key", $"{store.Root}/etc/public-key");
        return store;
    }

    /// <summary>Runs one of Nix's programs on this store and returns the lines it printed.</summary>
    public async Task<string[]> RunAsync(string program, params IEnumerable<string> arguments)
    {
        CommandResult result = await Command.RunAsync(Release.Program(program), arguments, Environment);
        return result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Adds a file and returns its store path.</summary>
    public async Task<string> AddFileAsync(string name, string contents)
    {
        string folder = Directory.CreateDirectory($"{Root}/home/{Guid.NewGuid():N}").FullName;
        await File.WriteAllTextAsync($"{folder}/{name}", contents);
        return await AddTreeAsync($"{folder}/{name}");
    }

    /// <summary>Adds a file, directory or symlink as it is on disk and returns its store path.</summary>
    public async Task<string> AddTreeAsync(string path) => (await RunAsync("nix-store", "--add", path)).Single();

    /// <summary>Writes the derivations of a Nix expression and returns their paths.</summary>
    public Task<string[]> InstantiateAsync(string expression) => RunAsync("nix-instantiate", "-E", expression);

    /// <summary>Builds a Nix expression and returns the outputs.</summary>
    public async Task<string[]> BuildAsync(string expression) =>
        await RunAsync("nix-store", ["--realise", .. await InstantiateAsync(expression)]);

    /// <summary>Every valid path, as Nix's own database says.</summary>
    public Task<string[]> QueryAllAsync() => RunAsync("nix", "path-info", "--all");

    public void Dispose() => _directory.Dispose();
}
