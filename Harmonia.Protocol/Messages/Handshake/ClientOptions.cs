using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>The settings of a client: the request of SetOptions. Nix: src/libstore/daemon.cc, ClientSettings.</summary>
public sealed record ClientOptions
{
    /// <summary>Keeps the build directory of a failed build.</summary>
    public bool KeepFailed { get; init; }

    /// <summary>Continues with other builds after one has failed.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Builds a path if its substitution fails.</summary>
    public bool TryFallback { get; init; }

    /// <summary>Log lines that are less important are not sent.</summary>
    public LogLevel Verbosity { get; init; } = LogLevel.Info;

    /// <summary>The maximum number of builds at the same time.</summary>
    public uint MaxBuildJobs { get; init; } = 1;

    /// <summary>The number of seconds without output after which a build is stopped; 0 = never.</summary>
    public ulong MaxSilentTime { get; init; }

    /// <summary>Obsolete.</summary>
    public bool UseBuildHook { get; init; } = true;

    /// <summary>
    /// The level of the builders' output: <see cref="LogLevel.Error"/> = always, <see cref="LogLevel.Vomit"/> = hardly ever.
    /// </summary>
    public LogLevel BuildVerbosity { get; init; }

    /// <summary>Obsolete.</summary>
    public ulong LogType { get; init; }

    /// <summary>Obsolete.</summary>
    public ulong PrintBuildTrace { get; init; }

    /// <summary>The number of cores that a build may use; 0 = all.</summary>
    public uint BuildCores { get; init; }

    /// <summary>Whether substituters may be used.</summary>
    public bool UseSubstitutes { get; init; } = true;

    /// <summary>The settings that the user changed, by name.</summary>
    public IReadOnlyDictionary<string, string> Overrides { get; init; } = new Dictionary<string, string>();
}
