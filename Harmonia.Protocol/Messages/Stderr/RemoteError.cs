namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>An error the daemon reports: it said no, in good order.</summary>
public sealed record RemoteError
{
    /// <summary>The text. Real daemons leave ANSI colour escapes in it.</summary>
    public required string Message { get; init; }

    /// <summary>How bad it is. Transported since protocol 1.26.</summary>
    public LogLevel Level { get; init; } = LogLevel.Error;

    /// <summary>What the daemon was doing, outermost last. Transported since protocol 1.26.</summary>
    public IReadOnlyList<string> Traces { get; init; } = [];

    /// <summary>The exit status a client shall end with: 1, or 100 and more for failed builds. Transported before protocol 1.26.</summary>
    public uint ExitStatus { get; init; } = 1;
}
