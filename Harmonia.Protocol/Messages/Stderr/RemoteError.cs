namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>An error that the daemon reports. The connection stays usable.</summary>
public sealed record RemoteError
{
    /// <summary>The text. nix-daemon leaves ANSI colour escapes in it.</summary>
    public required string Message { get; init; }

    /// <summary>The level. Transported since protocol 1.26.</summary>
    public LogLevel Level { get; init; } = LogLevel.Error;

    /// <summary>The context of the error, outermost last. Transported since protocol 1.26.</summary>
    public IReadOnlyList<string> Traces { get; init; } = [];

    /// <summary>The exit status for the client: 1, or 100 and more for failed builds. Transported before protocol 1.26.</summary>
    public uint ExitStatus { get; init; } = 1;
}
