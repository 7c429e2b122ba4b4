using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Harmonia.Benchmarks.Servers.Works;

namespace Harmonia.Benchmarks.Servers.Commands;

/// <summary>The command line of <c>bench.sh</c>.</summary>
internal static class BenchmarkCommand
{
    private const string Name = "./bench.sh";
    private const int UsageError = 2;
    private const int HelpWidth = 120;
    private const int MaxLoadMinutes = 7 * 24 * 60;
    private const int MinPaths = 1000;
    private const int MaxPaths = 10_000_000;
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromMinutes(1);

    private static readonly Option<bool> Quick = new("--quick") { Description = "Fewer and shorter rounds: differences below a third mean nothing." };

    private static readonly Option<string?> Output = new("--output") { Description = "Write the tables to this file as well.", HelpName = "FILE" };

    private static readonly Option<bool> List = new("--list") { Description = "Name the works, and exit." };

    private static readonly Option<Regex?> Only = new("--only")
    {
        Description = "Measure only the works whose name matches this regular expression.",
        HelpName = "PATTERN",
        CustomParser = ParsePattern,
    };

    private static readonly Option<int?> LoadMinutes = new("--load-minutes")
    {
        Description = "How long the mixed load lasts, in minutes, instead of 5 (half a minute with --quick).",
        HelpName = "MINUTES",
        CustomParser = ParseMinutes,
    };

    private static readonly Option<int[]?> Paths = new("--paths")
    {
        Description = "The numbers of paths of the stores.",
        HelpName = "N,N,...",
        CustomParser = ParsePaths,
    };

    private static readonly Option<Peer[]> Peers = new("--peer")
    {
        Description = "Measure another server of the same store as well; the CPU time of this process counts. May be given more than once.",
        HelpName = "NAME=URL=PID",
        CustomParser = ParsePeers,
        DefaultValueFactory = static _ => [],
    };

    /// <summary>Runs the command that the arguments name; returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parsed = Parse(arguments);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = ShutdownLimit });
        foreach (ParseError error in parsed.Errors)
            await Console.Error.WriteLineAsync($"{Name}: {error.Message}");
        await Console.Error.WriteLineAsync($"Try '{Name} --help'.");
        return UsageError;
    }

    /// <summary>Parses a command line without running it.</summary>
    public static ParseResult Parse(params string[] arguments) => Create().Parse(arguments);

    /// <summary>What a command line asks for.</summary>
    public static Options OptionsOf(ParseResult parsed) => new()
    {
        Quick = parsed.GetValue(Quick),
        Only = parsed.GetValue(Only),
        Peers = parsed.GetValue(Peers) ?? [],
        Output = parsed.GetValue(Output),
        LoadMinutes = parsed.GetValue(LoadMinutes),
        Paths = parsed.GetValue(Paths) is { Length: > 0 } paths ? paths : null,
        List = parsed.GetValue(List),
    };

    private static Command Create()
    {
        Command root = new(Name, "Measure the CPU time of harmonia-cache with harmonia-daemon against that of nginx, and print Markdown tables.")
        {
            Quick, Only, Peers, Output, List, new HelpOption { Action = new HelpAction { MaxWidth = HelpWidth } },
        };
        SetAction(root, Suites.Cache);
        Command daemon = new("daemon", "Measure harmonia-daemon against the real nix-daemon instead.") { Quick, Only, Output, List };
        SetAction(daemon, Suites.Daemon);
        Command memory = new("memory", "Measure the memory of both programs alone: idle, under each load, a minute later.") { Quick, LoadMinutes, Output };
        SetAction(memory, Suites.Memory);
        Command grow = new("grow", "Measure both programs with stores of several sizes, some of them in turns with nginx.") { Quick, Only, Paths, Output, List };
        SetAction(grow, Suites.Grow);
        Command start = new("start", "Measure the time from the start of both programs to the first answer.") { Quick, Output };
        SetAction(start, Suites.Start);
        root.Add(daemon);
        root.Add(memory);
        root.Add(grow);
        root.Add(start);
        return root;
    }

    private static void SetAction(Command command, Func<Session, Suite> create) => command.SetAction(
        (parsed, cancellationToken) => SuiteRun.RunAsync(OptionsOf(parsed), create, cancellationToken));

    private static Regex? ParsePattern(ArgumentResult argument)
    {
        string pattern = argument.Tokens.Single().Value;
        try
        {
            return new Regex(pattern, RegexOptions.None, RegexTimeout);
        }
        catch (ArgumentException exception)
        {
            argument.AddError($"--only needs a regular expression. {exception.Message}");
            return null;
        }
    }

    private static int? ParseMinutes(ArgumentResult argument)
    {
        string text = argument.Tokens.Single().Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) && minutes is > 0 and <= MaxLoadMinutes)
            return minutes;
        argument.AddError($"--load-minutes needs a number from 1 to {MaxLoadMinutes}, not '{text}'.");
        return null;
    }

    private static int[]? ParsePaths(ArgumentResult argument)
    {
        string text = argument.Tokens.Single().Value;
        List<int> all = [];
        foreach (string each in text.Split(','))
        {
            if (!int.TryParse(each, NumberStyles.None, CultureInfo.InvariantCulture, out int paths) || paths is < MinPaths or > MaxPaths)
            {
                argument.AddError($"--paths needs numbers from {MinPaths} to {MaxPaths} with commas between them, not '{text}'.");
                return null;
            }

            all.Add(paths);
        }

        return [.. all.Distinct().Order()];
    }

    private static Peer[] ParsePeers(ArgumentResult argument)
    {
        List<Peer> peers = [];
        foreach (Token token in argument.Tokens)
        {
            if (Peer.TryParse(token.Value, out Peer? peer))
                peers.Add(peer);
            else
                argument.AddError($"--peer needs NAME=URL=PID, such as other=http://127.0.0.1:8080=4711, not '{token.Value}'.");
        }

        return [.. peers];
    }
}
