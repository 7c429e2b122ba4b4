using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>The settings of a client: the request of SetOptions. Nix: src/libstore/daemon.cc, ClientSettings.</summary>
public sealed record ClientOptions
{
    /// <summary>Keep the build directory of a failed build.</summary>
    public bool KeepFailed { get; init; }

    /// <summary>Go on with other builds when one has failed.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Build what a substituter failed to deliver.</summary>
    public bool TryFallback { get; init; }

    /// <summary>Log lines less important than this are not sent.</summary>
    public LogLevel Verbosity { get; init; } = LogLevel.Info;

    /// <summary>How many builds may run at a time.</summary>
    public uint MaxBuildJobs { get; init; } = 1;

    /// <summary>Seconds after which a silent build is stopped; 0 = never.</summary>
    public ulong MaxSilentTime { get; init; }

    /// <summary>Obsolete.</summary>
    public bool UseBuildHook { get; init; } = true;

    /// <summary>
    /// At which level builders' output is shown: <see cref="LogLevel.Error"/> = always, <see cref="LogLevel.Vomit"/> = hardly ever.
    /// </summary>
    public LogLevel BuildVerbosity { get; init; }

    /// <summary>Obsolete.</summary>
    public ulong LogType { get; init; }

    /// <summary>Obsolete.</summary>
    public ulong PrintBuildTrace { get; init; }

    /// <summary>How many cores a build may use; 0 = all.</summary>
    public uint BuildCores { get; init; }

    /// <summary>Whether substituters may be used.</summary>
    public bool UseSubstitutes { get; init; } = true;

    /// <summary>The settings the user changed, by name.</summary>
    public IReadOnlyDictionary<string, string> Overrides { get; init; } = new Dictionary<string, string>();
}
