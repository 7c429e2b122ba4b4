namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>
/// A message from a daemon between a request and its reply. <see cref="Last"/> and <see cref="Failure"/> end this phase. The reply follows
/// <see cref="Last"/>; there is none after <see cref="Failure"/>.
/// </summary>
public abstract record StderrMessage
{
    private StderrMessage()
    {
    }

    /// <summary>A log line, for people.</summary>
    /// <param name="Text">The line. nix-daemon ends it with a line feed.</param>
    public sealed record Next(string Text) : StderrMessage;

    /// <summary>The daemon requests data of an upload (AddToStoreNar before 1.23, ImportPaths). The client replies with one string.</summary>
    /// <param name="Count">The maximum length of the string. An empty string ends the upload.</param>
    public sealed record Read(ulong Count) : StderrMessage;

    /// <summary>Data of an ExportPath.</summary>
    /// <param name="Data">The next bytes.</param>
    public sealed record Write(ReadOnlyMemory<byte> Data) : StderrMessage;

    /// <summary>Success: the reply follows.</summary>
    public sealed record Last : StderrMessage
    {
        private Last()
        {
        }

        /// <summary>The only instance.</summary>
        public static Last Instance { get; } = new();
    }

    /// <summary>The request failed: no reply follows.</summary>
    /// <param name="Error">The error.</param>
    public sealed record Failure(RemoteError Error) : StderrMessage;

    /// <summary>An activity begins, and its progress will be reported. Since 1.20.</summary>
    /// <param name="Id">Any number that is unique in the connection.</param>
    /// <param name="Level">The level at which it is shown.</param>
    /// <param name="Type">What it is.</param>
    /// <param name="Text">A description for people; may be empty.</param>
    /// <param name="Fields">The fields, which depend on the type.</param>
    /// <param name="Parent">The parent activity, or 0.</param>
    public sealed record StartActivity(
        ulong Id, LogLevel Level, ActivityType Type, string Text, IReadOnlyList<ActivityField> Fields, ulong Parent) : StderrMessage;

    /// <summary>An activity has ended. Since 1.20.</summary>
    /// <param name="Id">The activity.</param>
    public sealed record StopActivity(ulong Id) : StderrMessage;

    /// <summary>A result of an activity. Since 1.20.</summary>
    /// <param name="Id">The activity.</param>
    /// <param name="Type">The type of the result.</param>
    /// <param name="Fields">The fields, which depend on the type.</param>
    public sealed record Result(ulong Id, ResultType Type, IReadOnlyList<ActivityField> Fields) : StderrMessage;
}
