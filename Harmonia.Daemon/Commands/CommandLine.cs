using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Harmonia.Daemon.Commands;

/// <summary>What can be said on the command line, and what is done then.</summary>
internal static class CommandLine
{
    private const int UsageError = 2;

    /// <summary>Does what the arguments say; returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parsed = Create().Parse(arguments);
        if (parsed.Errors.Count == 0)
        {
            // The daemon has its own way to end on a signal.
            InvocationConfiguration invocation = new();
            if (parsed.CommandResult.Command is RootCommand)
            {
                invocation.ProcessTerminationTimeout = null;
            }

            return await parsed.InvokeAsync(invocation);
        }

        foreach (ParseError error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync($"harmonia-daemon: {error.Message}");
        }

        await Console.Error.WriteLineAsync("Try 'harmonia-daemon --help'.");
        return UsageError;
    }

    private static RootCommand Create()
    {
        Option<string?> config = new("--config") { Description = "The TOML file to read, instead of the one HARMONIA_DAEMON_CONFIG names.", HelpName = "file" };
        Option<bool> stdio = new("--stdio") { Description = "Serve one client at standard input and output, as ssh-ng stores want it, instead of a socket." };
        Option<bool> check = new("--check-config") { Description = "Read the configuration, say what is wrong with it, and end." };
        Option<bool> daemon = new("--daemon") { Description = "Nothing: nix-daemon has this option.", Hidden = true };
        RootCommand root = new("Serves a Nix store to clients of the Nix daemon's worker protocol.") { config, stdio, check, daemon };
        root.SetAction((parsed, _) => DaemonCommand.RunAsync(parsed.GetValue(config), parsed.GetValue(stdio), parsed.GetValue(check)));
        foreach (Option option in root.Options)
        {
            switch (option)
            {
                case VersionOption:
                    option.Action = new VersionAction();
                    break;
                case HelpOption { Action: HelpAction help }:
                    help.MaxWidth = 100;
                    break;
            }
        }

        root.Add(CreateImport());
        root.Add(CreateInit());
        return root;
    }

    private static Option<string> CreateStoreRoot() => new("--store-root")
    {
        Description = "The folder with the store: its files go to DIR/nix/store, its state to DIR/nix/var/nix. Made if need be.",
        HelpName = "dir",
        Required = true,
    };

    private static Command CreateInit()
    {
        Option<string> root = CreateStoreRoot();
        Command init = new("init", "Makes an empty store; one that is there already stays as it is.") { root };
        init.SetAction((parsed, _) => InitCommand.RunAsync(parsed.GetValue(root)!));
        return init;
    }

    private static Command CreateImport()
    {
        Option<string> root = CreateStoreRoot();
        Option<string?> store = new("--store-dir") { Description = "What the paths begin with, if not /nix/store.", HelpName = "dir" };
        Option<string?> name = new("--name") { Description = "The name in the store, if not the file's. Goes with one path only.", HelpName = "name" };
        Argument<string[]> paths = new("path") { Description = "What to add: a file, a directory or a symbolic link.", Arity = ArgumentArity.OneOrMore };
        Command import = new("import", "Adds files and trees to a store of their own, as 'nix-store --add' does, and prints their store paths.")
        {
            root, store, name, paths,
        };
        import.SetAction((parsed, cancellationToken) => ImportCommand.RunAsync(
            parsed.GetValue(root)!, parsed.GetValue(store), parsed.GetValue(name), parsed.GetValue(paths)!, cancellationToken));
        return import;
    }
}
