namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>
/// What a daemon sends between a request and its reply. <see cref="Last"/> and <see cref="Failure"/> end this phase; the reply follows
/// <see cref="Last"/> at once, and <see cref="Failure"/> has no reply.
/// </summary>
public abstract record StderrMessage
{
    private StderrMessage()
    {
    }

    /// <summary>A log line, for people.</summary>
    /// <param name="Text">The line; real daemons end it with a line feed.</param>
    public sealed record Next(string Text) : StderrMessage;

    /// <summary>The daemon wants data of an upload (AddToStoreNar before 1.23, ImportPaths): the client answers with one string.</summary>
    /// <param name="Count">The most bytes it may have; an empty one says that there are no more.</param>
    public sealed record Read(ulong Count) : StderrMessage;

    /// <summary>Data of an ExportPath.</summary>
    /// <param name="Data">The next bytes of it.</param>
    public sealed record Write(ReadOnlyMemory<byte> Data) : StderrMessage;

    /// <summary>Success: the reply follows.</summary>
    public sealed record Last : StderrMessage
    {
        private Last()
        {
        }

        /// <summary>The only one.</summary>
        public static Last Instance { get; } = new();
    }

    /// <summary>The daemon says no: no reply follows.</summary>
    /// <param name="Error">What it says.</param>
    public sealed record Failure(RemoteError Error) : StderrMessage;

    /// <summary>Something begins that progress will be told of. Since 1.20.</summary>
    /// <param name="Id">Any number that is unique in the connection.</param>
    /// <param name="Level">From which verbosity on it is shown.</param>
    /// <param name="Type">What it is.</param>
    /// <param name="Text">What it is, for people; may be empty.</param>
    /// <param name="Fields">Depend on the type.</param>
    /// <param name="Parent">The activity it is a part of, or 0.</param>
    public sealed record StartActivity(
        ulong Id, LogLevel Level, ActivityType Type, string Text, IReadOnlyList<ActivityField> Fields, ulong Parent) : StderrMessage;

    /// <summary>An activity has ended. Since 1.20.</summary>
    /// <param name="Id">Which one.</param>
    public sealed record StopActivity(ulong Id) : StderrMessage;

    /// <summary>News of an activity. Since 1.20.</summary>
    /// <param name="Id">Which one.</param>
    /// <param name="Type">What is told.</param>
    /// <param name="Fields">Depend on the type.</param>
    public sealed record Result(ulong Id, ResultType Type, IReadOnlyList<ActivityField> Fields) : StderrMessage;
}
