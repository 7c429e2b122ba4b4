using Harmonia.Daemon.Building;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Operations;

/// <summary>Runs the build delegate for a client and passes its messages on while it runs.</summary>
internal static class DelegateRun
{
    /// <summary>Runs the delegate to its end. Ends it early when the client hangs up.</summary>
    public static Task<DelegateOutcome> RunAsync(
        BuildDelegate builder, IEnumerable<string> arguments, ClientConnection client, CancellationToken cancellationToken) =>
        client.WhileConnectedAsync(stop => FollowAsync(builder.Start(arguments), client, stop), cancellationToken);

    /// <summary>Sends the client a message and flushes it.</summary>
    public static ValueTask ReportAsync(StderrMessage message, ClientConnection client, CancellationToken cancellationToken)
    {
        client.Send(BeforeActivities(message, client));
        return client.Writer.FlushAsync(cancellationToken);
    }

    private static async Task<DelegateOutcome> FollowAsync(DelegateProcess process, ClientConnection client, CancellationToken cancellationToken)
    {
        await using (process)
        {
            long began = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            process.Input.Close();
            Task output = process.Output.CopyToAsync(Stream.Null, cancellationToken);
            (int status, string error) = await process.FollowAsync(message => ReportAsync(message, client, cancellationToken), cancellationToken);
            await output;
            return new DelegateOutcome(status, error, began, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        }
    }

    // Protocols before 1.20 have no activities: a builder's output goes out as plain text.
    private static StderrMessage BeforeActivities(StderrMessage message, ClientConnection client) =>
        message is StderrMessage.Result { Type: ResultType.BuildLogLine, Fields: [{ Text: string line }] } && !client.Messages.Version.IsAtLeast(20)
            ? new StderrMessage.Next(line + "\n")
            : message;
}
