using System.Globalization;
using System.Text.Json;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Tests.Support;

/// <summary>
/// A store that a real Nix made, with garbage and with profiles, a daemon over it, and <c>harmonia-daemon gc</c>, which asks that daemon.
/// </summary>
internal sealed class GarbageStore : IAsyncDisposable
{
    private HarmoniaDaemon? _ours;
    private RealNixDaemon? _nix;

    private GarbageStore(RealNixStore store) => Store = store;

    public RealNixStore Store { get; }

    /// <summary>The directory with the profiles.</summary>
    public string Profiles => $"{Store.StateDirectory}/profiles";

    /// <summary>The daemon's socket.</summary>
    public string Socket => _nix?.SocketPath ?? _ours!.SocketPath;

    /// <summary>Our daemon.</summary>
    public HarmoniaDaemon Daemon => _ours!;

    /// <summary>Our daemon's configuration, which also names where a store is.</summary>
    public string Configuration => $"{Store.Root}/gc.toml";

    /// <summary>An empty store. <see cref="StartAsync"/> starts the daemon.</summary>
    /// <param name="release">Which Nix makes it.</param>
    /// <param name="settings">More lines for its nix.conf.</param>
    public static async Task<GarbageStore> CreateAsync(NixRelease release, string settings = "")
    {
        GarbageStore store = new(await RealNixStore.CreateAsync(release, configuration: settings));
        File.WriteAllText(store.Configuration, $"""
            store_dir = "{store.Store.StoreDirectory}"
            state_dir = "{store.Store.StateDirectory}"

            """);
        await store.Store.RunAsync("nix-store", "--init");
        Directory.CreateDirectory(store.Profiles);
        return store;
    }

    /// <summary>Starts our daemon, or the Nix that made the store.</summary>
    public async Task StartAsync(bool isNix = false, string configuration = "")
    {
        if (isNix)
            _nix = RealNixDaemon.Start(Store);
        else
            _ours = await HarmoniaDaemon.StartAsync(Store, configuration);
    }

    /// <summary>Makes a path the next generation of a profile, which real Nix does.</summary>
    public async Task SwitchAsync(string profile, string path, int daysAgo)
    {
        await Store.RunAsync("nix-env", "--profile", $"{Profiles}/{profile}", "--set", path);
        string current = $"{Profiles}/{new FileInfo($"{Profiles}/{profile}").LinkTarget}";
        await Command.RunAsync("touch", ["--no-dereference", "--date", string.Create(CultureInfo.InvariantCulture, $"{daysAgo} days ago"), current]);
    }

    /// <summary>The names of the profiles and their generations, without what some Nix adds.</summary>
    public string[] ProfileNames => NamesIn(Profiles);

    /// <summary>The same for the profiles of the user.</summary>
    public string[] UserProfileNames => NamesIn(UserProfiles);

    public string UserProfiles => $"{Store.Root}/home/.local/state/nix/profiles";

    /// <summary>Changes when a path became valid. Call it before the daemon starts.</summary>
    public void Age(string path, int days)
    {
        using SqliteConnection database = new($"Data Source={Store.Database};Pooling=False");
        database.Open();
        using SqliteCommand command = database.CreateCommand();
        command.CommandText = "update ValidPaths set registrationTime = registrationTime - $seconds where path = $path";
        command.Parameters.AddWithValue("$seconds", days * 86400L);
        command.Parameters.AddWithValue("$path", path);
        Assert(command.ExecuteNonQuery() == 1, path);
    }

    /// <summary>Runs <c>gc</c>.</summary>
    public Task<CommandResult> CollectAsync(params string[] arguments) =>
        Command.TryRunAsync(HarmoniaProgram.Path("harmonia-daemon"), ["gc", "--config", Configuration, .. arguments, Socket], Store.Environment);

    /// <summary>Runs <c>gc --json</c>, which must succeed, and returns what it printed.</summary>
    public async Task<JsonElement> ReportAsync(params string[] arguments)
    {
        CommandResult result = await CollectAsync(["--json", .. arguments]);
        Assert(result.ExitCode == 0, result.Errors);
        using JsonDocument document = JsonDocument.Parse(result.Text);
        return document.RootElement.Clone();
    }

    /// <summary>The paths in a list of a report.</summary>
    public static string[] PathsOf(JsonElement report, string list = "paths") =>
        [.. report.GetProperty(list).EnumerateArray().Select(path => path.GetProperty("path").GetString()!)];

    /// <summary>A connection to the daemon.</summary>
    public Task<DaemonClient> ConnectAsync() => new DaemonConnector(
        new DaemonConnectorOptions { SocketPath = Socket, StoreDirectory = StoreDirectory.Parse(Store.StoreDirectory) }).ConnectAsync(default);

    public async ValueTask DisposeAsync()
    {
        _nix?.Dispose();
        if (_ours is not null)
            await _ours.DisposeAsync();
        Store.Dispose();
    }

    private static string[] NamesIn(string directory) =>
        [.. Directory.GetFileSystemEntries(directory).Select(path => Path.GetFileName(path)).Except(["default", "per-user"]).Order(StringComparer.Ordinal)];

    private static void Assert(bool condition, string message)
    {
        if (!condition)
            throw new InvalidOperationException(message);
    }
}
