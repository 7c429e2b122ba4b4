namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>How important a message is. Nix: src/libutil/include/nix/util/error.hh, Verbosity; the numbers are those of the wire.</summary>
public enum LogLevel
{
    /// <summary>Always shown.</summary>
    Error = 0,

    /// <summary>Warnings.</summary>
    Warn = 1,

    /// <summary>Notices.</summary>
    Notice = 2,

    /// <summary>Information: the default of the old commands.</summary>
    Info = 3,

    /// <summary><c>-v</c>.</summary>
    Talkative = 4,

    /// <summary><c>-vv</c>.</summary>
    Chatty = 5,

    /// <summary><c>--debug</c>.</summary>
    Debug = 6,

    /// <summary>Everything.</summary>
    Vomit = 7,
}
