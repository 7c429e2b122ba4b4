using Harmonia.Protocol.Messages.Building;

namespace Harmonia.Daemon.Building;

/// <summary>How a run of <c>nix-store --realise</c> ended.</summary>
/// <param name="ExitStatus">Its exit status. Nix: src/libstore/build/worker.cc, Worker::failingExitStatus.</param>
/// <param name="Error">The last error it reported; empty for none.</param>
/// <param name="Began">When it began, in Unix seconds.</param>
/// <param name="Ended">When it ended, in Unix seconds.</param>
internal sealed record DelegateOutcome(int ExitStatus, string Error, long Began, long Ended)
{
    private const int Failures = 0x60;
    private const int TimedOut = 0x01;
    private const int HashMismatch = 0x02;
    private const int CheckMismatch = 0x08;

    public bool IsSuccess => ExitStatus == 0;

    /// <summary>The result of a target that the delegate did not build.</summary>
    public BuildResult Failure => new()
    {
        Status = Status,
        ErrorMessage = Error.Length > 0 ? Error : $"the build delegate exited with status {ExitStatus} without an error message",
        StartTime = Began,
        StopTime = Ended,
        TimesBuilt = 1,
    };

    private BuildStatus Status => (ExitStatus & Failures) != Failures ? BuildStatus.MiscFailure
        : (ExitStatus & CheckMismatch) != 0 ? BuildStatus.NotDeterministic
        : (ExitStatus & HashMismatch) != 0 ? BuildStatus.OutputRejected
        : (ExitStatus & TimedOut) != 0 ? BuildStatus.TimedOut
        : BuildStatus.PermanentFailure;
}
