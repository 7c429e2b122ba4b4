using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Harmonia.Daemon.Commands.Garbage;

namespace Harmonia.Daemon.Commands;

/// <summary>The commands and options of harmonia-daemon.</summary>
internal static class CommandLine
{
    private const int UsageError = 2;

    /// <summary>Runs the command that the arguments name; returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parsed = Create().Parse(arguments);
        if (parsed.Errors.Count == 0)
        {
            // The daemon handles signals itself.
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
        Option<string?> config = new("--config")
        {
            Description = "Read this TOML file instead of the one that HARMONIA_DAEMON_CONFIG names.",
            HelpName = "file",
        };
        Option<bool> stdio = new("--stdio")
        {
            Description = "Serve one client on standard input and output instead of a socket, as ssh-ng stores need it.",
        };
        Option<bool> check = new("--check-config") { Description = "Check the configuration, report its errors, and exit." };
        Option<bool> skip = new("--skip-missing-files")
        {
            Description = "With --check-config: do not warn of secret keys that are not there, as on a machine that only builds.",
        };
        Option<bool> print = new("--print-config") { Description = "Print the configuration with all defaults as TOML, and exit." };
        Option<bool> daemon = new("--daemon") { Description = "Ignored, for compatibility with nix-daemon.", Hidden = true };
        RootCommand root = new("Serve a Nix store to clients that speak the Nix daemon's worker protocol.") { config, stdio, check, skip, print, daemon };
        root.SetAction((parsed, _) => (parsed.GetValue(print), parsed.GetValue(check)) switch
        {
            (true, _) => PrintConfigCommand.RunAsync(parsed.GetValue(config)),
            (_, true) => CheckConfigCommand.RunAsync(parsed.GetValue(config), parsed.GetValue(skip)),
            _ => DaemonCommand.RunAsync(parsed.GetValue(config), parsed.GetValue(stdio)),
        });
        root.Validators.Add(result =>
        {
            if (result.GetValue(skip) && !result.GetValue(check))
            {
                result.AddError("--skip-missing-files needs --check-config.");
            }
        });
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

        root.Add(GcCommand.Create());
        root.Add(CreateImport());
        root.Add(CreateInit());
        root.Add(HealthCommand.Create());
        root.Add(StatusCommand.Create());
        return root;
    }

    private static Option<string> CreateStoreRoot() => new("--store-root")
    {
        Description = "The directory of the store: files go to DIR/nix/store, state to DIR/nix/var/nix. It is created if needed.",
        HelpName = "dir",
        Required = true,
    };

    private static Command CreateInit()
    {
        Option<string> root = CreateStoreRoot();
        Command init = new("init", "Create an empty store. An existing store is left unchanged.") { root };
        init.SetAction((parsed, _) => InitCommand.RunAsync(parsed.GetValue(root)!));
        return init;
    }

    private static Command CreateImport()
    {
        Option<string> root = CreateStoreRoot();
        Option<string?> store = new("--store-dir")
        {
            Description = "The store directory that paths begin with; default: /nix/store.",
            HelpName = "dir",
        };
        Option<string?> name = new("--name")
        {
            Description = "The name in the store; default: the file's name. Needs exactly one path.",
            HelpName = "name",
        };
        Argument<string[]> paths = new("path")
        {
            Description = "The file, directory or symbolic link to add.",
            Arity = ArgumentArity.OneOrMore,
        };
        Command import = new("import", "Add files and directories to a separate store, as 'nix-store --add' does, and print their store paths.")
        {
            root, store, name, paths,
        };
        import.SetAction((parsed, cancellationToken) => ImportCommand.RunAsync(
            parsed.GetValue(root)!, parsed.GetValue(store), parsed.GetValue(name), parsed.GetValue(paths)!, cancellationToken));
        return import;
    }
}
