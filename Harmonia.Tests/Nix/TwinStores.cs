using System.Text.RegularExpressions;
using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>
/// Two copies of one store, one behind harmonia-daemon, one behind the nix-daemon of the client's release. A command is run on both, and
/// what it says must be the same.
/// </summary>
internal sealed partial class TwinStores : IAsyncDisposable
{
    private const int TimeoutMilliseconds = 1000;

    private readonly NixRelease _release;
    private readonly RealNixDaemon _nix;
    private string[] _launcher = [];

    private TwinStores(NixRelease release, RealNixStore ours, RealNixStore theirs, HarmoniaDaemon harmonia, RealNixDaemon nix) =>
        (_release, Ours, Theirs, Harmonia, _nix) = (release, ours, theirs, harmonia, nix);

    /// <summary>The store behind harmonia-daemon.</summary>
    public RealNixStore Ours { get; }

    /// <summary>The store behind nix-daemon.</summary>
    public RealNixStore Theirs { get; }

    public HarmoniaDaemon Harmonia { get; }

    /// <summary>The socket of nix-daemon.</summary>
    public string NixSocketPath => _nix.SocketPath;

    /// <summary>Makes a store, copies it, and starts the daemons.</summary>
    /// <param name="release">Whose clients, and whose daemon.</param>
    /// <param name="fill">Puts something into the store; null for an empty one.</param>
    /// <param name="configuration">More lines for the configuration of each daemon.</param>
    public static async Task<TwinStores> StartAsync(
        NixRelease release, Func<RealNixStore, Task>? fill = null, (string Nix, string Harmonia) configuration = default)
    {
        RealNixStore ours = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        RealNixStore theirs = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot, configuration.Nix ?? "");
        if (fill is not null)
            await fill(ours);
        await ours.RunAsync("nix-store", "--verify");
        await Command.RunAsync("cp", ["--archive", $"{ours.Root}/root", $"{ours.Root}/etc/secret-key", theirs.Root]);
        File.Move($"{theirs.Root}/secret-key", $"{theirs.Root}/etc/secret-key", overwrite: true);
        HarmoniaDaemon harmonia = await HarmoniaDaemon.StartAsync(ours, configuration.Harmonia ?? "");
        return new TwinStores(release, ours, theirs, harmonia, RealNixDaemon.Start(theirs));
    }

    /// <summary>From now on commands run as the user nobody, who has a home and may read everything.</summary>
    public async Task BecomeNobodyAsync()
    {
        foreach (RealNixStore store in new[] { Ours, Theirs })
        {
            await Command.RunAsync("chmod", ["a+rX", store.Root, $"{store.Root}/etc", $"{store.Root}/etc/nix.conf", $"{store.Root}/etc/secret-key"]);
            await Command.RunAsync("chown", ["nobody", $"{store.Root}/home"]);
        }

        await Command.RunAsync("chmod", ["a+rX", Path.GetDirectoryName(Harmonia.SocketPath)!]);
        _launcher = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    }

    /// <summary>Runs a command on both, which must say and do the same. <c>{root}</c> in an argument is the folder of the store.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string[]> RunAsync(string program, params string[] arguments)
    {
        (CommandResult ours, CommandResult theirs) = await RunBothAsync(program, arguments);
        Assert.That(ours.ExitCode, Is.EqualTo(theirs.ExitCode), $"{program} {string.Join(' ', arguments)}\n{ours.Errors}\n{theirs.Errors}");
        Assert.That(
            Normal(ours.Text, Ours), Is.EqualTo(Normal(theirs.Text, Theirs)), $"{program} {string.Join(' ', arguments)}\n{ours.Errors}\n{theirs.Errors}");
        return ours.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs a command on both, and compares also those lines of what it says on standard error that match.</summary>
    /// <returns>Those lines, sorted.</returns>
    public async Task<string[]> RunAsync(string program, string[] arguments, params string[] words)
    {
        (CommandResult ours, CommandResult theirs) = await RunBothAsync(program, arguments);
        string[] said = Lines(ours, Ours, words);
        Assert.That(ours.ExitCode, Is.EqualTo(theirs.ExitCode), $"{program} {string.Join(' ', arguments)}\n{ours.Errors}\n{theirs.Errors}");
        Assert.That(said, Is.EqualTo(Lines(theirs, Theirs, words)), $"{ours.Errors}\n{theirs.Errors}");
        return said;
    }

    /// <summary>Imports what <c>nix-store --export</c> has written.</summary>
    public async Task ImportAsync(byte[] export)
    {
        CommandResult ours = await Command.RunAsync(_release.Program("nix-store"), ["--import"], Harmonia.ClientEnvironment, export);
        CommandResult theirs = await Command.RunAsync(_release.Program("nix-store"), ["--import"], _nix.ClientEnvironment, export);
        Assert.That(ours.Text, Is.EqualTo(theirs.Text));
    }

    /// <summary>Runs a shell script in both store directories.</summary>
    public async Task DamageAsync(string script)
    {
        foreach (RealNixStore store in new[] { Ours, Theirs })
            await Command.RunAsync("/bin/sh", ["-e", "-c", $"cd '{store.RealStoreDirectory}'\n{script}"]);
    }

    /// <summary>Rows and files of both stores must be the same, and which files are one file.</summary>
    public async Task AssertSameContentsAsync()
    {
        Assert.That(StoreContents.Rows(Ours), Is.EqualTo(StoreContents.Rows(Theirs)));
        Assert.That(await StoreContents.FilesAsync(Ours), Is.EqualTo(await StoreContents.FilesAsync(Theirs)));
        Assert.That(await LinkedFilesAsync(Ours), Is.EqualTo(await LinkedFilesAsync(Theirs)));
        Assert.That(StoreContents.Strays(Ours), Is.Empty);
    }

    /// <summary>Which names lead to one file: each group on a line.</summary>
    public static async Task<string[]> LinkedFilesAsync(RealNixStore store)
    {
        CommandResult names = await Command.RunAsync("find", [store.RealStoreDirectory, "-not", "-type", "d", "-printf", "%i %P\n"]);
        return
        [
            .. names.SortedLines.Select(line => line.Split(' ', 2)).GroupBy(line => line[0], line => line[1])
                .Select(group => string.Join(' ', group.Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _nix.Dispose();
        await Harmonia.DisposeAsync();
        Ours.Dispose();
        Theirs.Dispose();
    }

    private async Task<(CommandResult Ours, CommandResult Theirs)> RunBothAsync(string program, string[] arguments) => (
        await RunAsync(Ours, Harmonia.ClientEnvironment, program, arguments), await RunAsync(Theirs, _nix.ClientEnvironment, program, arguments));

    private async Task<CommandResult> RunAsync(
        RealNixStore store, IReadOnlyDictionary<string, string?> environment, string program, string[] arguments)
    {
        string[] command = [.. _launcher, _release.Program(program), .. arguments.Select(text => In(text, store))];
        return await Command.TryRunAsync(command[0], command[1..], environment);
    }

    private static string In(string text, RealNixStore store) => text.Replace("{root}", store.Root, StringComparison.Ordinal);

    private static string Normal(string text, RealNixStore store) =>
        Colour().Replace(text, "").Replace(store.Root, "{root}", StringComparison.Ordinal);

    private static string[] Lines(CommandResult result, RealNixStore store, string[] words) =>
    [
        .. Normal(result.Errors, store).Split('\n').Select(line => line.Trim()).Where(line => words.Any(word => line.Contains(word, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex("\u001b\\[[0-9;]*m", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Colour();
}
