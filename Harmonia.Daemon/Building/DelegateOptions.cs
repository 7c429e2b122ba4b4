using System.Globalization;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Building;

/// <summary>The settings of a client as arguments of <c>nix-store</c>.</summary>
internal static class DelegateOptions
{
    /// <summary>The arguments, including the overrides that the client may set.</summary>
    public static IEnumerable<string> Of(ClientOptions options)
    {
        List<string> arguments = [];
        AddIf(options.KeepGoing, "--keep-going");
        AddIf(options.KeepFailed, "--keep-failed");
        AddIf(options.TryFallback, "--fallback");
        AddIf(!options.UseSubstitutes, "--option", "substitute", "false");
        arguments.AddRange(["--max-jobs", Print(options.MaxBuildJobs), "--cores", Print(options.BuildCores)]);
        arguments.AddRange(["--max-silent-time", Print(options.MaxSilentTime)]);

        // At level Info the delegate prints what it will build. Clients have shown that to their users already.
        LogLevel verbosity = options.Verbosity == LogLevel.Info ? LogLevel.Notice : options.Verbosity;
        arguments.AddRange(Enumerable.Repeat(verbosity < LogLevel.Info ? "--quiet" : "--verbose", Math.Abs(verbosity - LogLevel.Info)));

        foreach ((string name, string value) in options.Overrides.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            AddIf(!IsElsewhere(name), "--option", name, value);
        }

        return arguments;

        void AddIf(bool condition, params ReadOnlySpan<string> words)
        {
            if (condition)
            {
                arguments.AddRange(words);
            }
        }
    }

    /// <summary>Whether a setting would make the delegate use another store.</summary>
    private static bool IsElsewhere(string name) => name is "store";

    private static string Print(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
