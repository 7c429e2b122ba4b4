using System.CommandLine;
using System.CommandLine.Parsing;
using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary><c>gc</c>: deletes old generations of profiles, and has a running daemon collect garbage.</summary>
internal static class GcCommand
{
    private const int Failure = 1;
    private const int TooLittleIsFree = 3;

    public static Command Create()
    {
        Option<string?> config = HealthCommand.CreateConfigOption();
        config.Description = "The TOML file that names the socket and the store, instead of the one that HARMONIA_DAEMON_CONFIG names.";
        Argument<string?> socket = HealthCommand.CreateSocket();
        Option<Age?> older = Parsed<Age>("--delete-older-than", "age", Age.TryParse, Age.Form, """
            First delete generations of profiles that are older, such as 30d. The current generation stays, and the one that was current at that time.
            """);
        Option<FreeSpace?> free = Parsed<FreeSpace>("--ensure-free", "size", FreeSpace.TryParse, FreeSpace.Form, """
            Delete no more garbage than it takes until this much of the store's file system is free: 50G, 800 MiB or 20%.
            """);
        Option<long?> freed = Parsed<long>("--max-freed", "size", FreeSpace.TryParseSize, FreeSpace.SizeForm, "Stop when this much was freed.");
        Option<Age?> recent = Parsed<Age>("--keep-recent", "age", Age.TryParse, Age.Form, """
            Keep paths that became valid within this time, such as 1d, and what they refer to.
            """);
        Option<string[]> roots = new("--gc-roots-dir")
        {
            Description = "Keep what symbolic links in this directory point to, besides the daemon's own roots. May be repeated.",
            HelpName = "dir",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            DefaultValueFactory = _ => [],
        };
        Option<bool> dry = new("--dry-run") { Description = "Delete nothing: print what would be deleted, and how large it is." };
        Option<bool> json = new("--json") { Description = "Print the result as JSON." };
        Command command = new(
            "gc",
            "Delete old generations of profiles, and have a running daemon (this or nix-daemon) delete garbage. Ends with 0 when done, 1 after a "
            + "failure, 2 for wrong arguments, 3 if less is free than --ensure-free asks for.")
        { config, older, free, freed, recent, roots, dry, json, socket };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new GcWishes
            {
                Socket = parsed.GetValue(socket),
                Configuration = parsed.GetValue(config),
                DeleteOlderThan = parsed.GetValue(older),
                EnsureFree = parsed.GetValue(free),
                MaxFreed = parsed.GetValue(freed),
                KeepRecent = parsed.GetValue(recent),
                RootDirectories = parsed.GetValue(roots)!,
                DryRun = parsed.GetValue(dry),
                Json = parsed.GetValue(json),
            },
            cancellationToken));
        return command;
    }

    private delegate bool TryParse<T>(string text, out T value);

    private static Option<T?> Parsed<T>(string name, string valueName, TryParse<T> tryParse, string form, string description)
        where T : struct => new(name)
        {
            Description = description.ReplaceLineEndings(" "),
            HelpName = valueName,
            CustomParser = result =>
            {
                string text = result.Tokens is [Token token] ? token.Value : "";
                if (tryParse(text, out T value))
                {
                    return value;
                }

                result.AddError($"{name}: expected {form}, but got '{text}'");
                return null;
            },
        };

    private static async Task<int> RunAsync(GcWishes wishes, CancellationToken cancellationToken)
    {
        GcProgress progress = new(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
        try
        {
            DaemonOptions options = HealthCommand.Load(wishes.Configuration);
            DaemonConnectorOptions address = new() { SocketPath = wishes.Socket ?? options.SocketPath, StoreDirectory = options.StoreDirectory };
            using DaemonClient daemon = await HealthCommand.ConnectAsync(address, cancellationToken);
            GcReport report = await new GcRun(wishes, options, daemon, progress, TimeProvider.System).RunAsync(cancellationToken);
            progress.End();
            foreach (string problem in report.Problems)
            {
                await Console.Error.WriteLineAsync(problem);
            }

            if (wishes.Json)
            {
                GcReportJson.Write(report);
            }
            else
            {
                GcReportText.Write(report, Console.Out);
            }

            return report.Problems.Count > 0 ? Failure : report.IsTooLittleFree ? TooLittleIsFree : 0;
        }
        catch (Exception exception) when (exception
            is ConfigurationException or IOException or UnauthorizedAccessException or RemoteErrorException)
        {
            progress.End();
            await Console.Error.WriteLineAsync(exception.Message);
            return Failure;
        }
        catch (OperationCanceledException)
        {
            progress.End();
            await Console.Error.WriteLineAsync("Interrupted. What was deleted before stays deleted; the next collection goes on.");
            return Failure;
        }
    }
}
