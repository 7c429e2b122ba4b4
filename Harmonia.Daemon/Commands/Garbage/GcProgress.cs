namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>
/// Tells what goes on: on a terminal in one line that changes, otherwise in a line for each phase, as logs need it. Also passes on what the
/// daemon tells its user, except for what the report says better.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="isTerminal">Whether a line can be replaced there.</param>
/// <param name="time">The clock.</param>
internal sealed class GcProgress(TextWriter output, bool isTerminal, TimeProvider time)
{
    private const string ClearLine = "\r\e[K";

    // The daemon's line for each deleted path; the quote sets it apart from "deleting garbage..." and the like. Nix colours the path.
    private const string Deleting = "deleting '";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // Lines without news, of Harmonia and of all releases of Nix.
    private static readonly string[] Silent = ["deleting ", "deleted more than", "finding ", "determining ", "removing stale ", "note: "];

    private long _lastShown;
    private int _deleted;
    private int _total;

    /// <summary>Begins a phase.</summary>
    public void Say(string phase)
    {
        if (isTerminal)
        {
            Show(phase);
        }
        else
        {
            output.WriteLine(phase);
        }
    }

    /// <summary>Begins to delete; <see cref="Listen"/> then counts.</summary>
    public void BeginDeletion(int total)
    {
        _total = total;
        Say($"deleting {Counted.Of(total, "path")}");
    }

    /// <summary>Says how far a phase is, not more often than a person can read.</summary>
    public void Count(string phase, int done, int total)
    {
        if (isTerminal && time.GetElapsedTime(_lastShown) >= Interval)
        {
            Show($"{phase}: {done} of {total}");
        }
    }

    /// <summary>Gets a line of the daemon.</summary>
    public void Listen(string line)
    {
        if (line.StartsWith(Deleting, StringComparison.Ordinal))
        {
            Count("deleting", ++_deleted, _total);
        }
        else if (!Silent.Any(beginning => line.StartsWith(beginning, StringComparison.Ordinal)))
        {
            End();
            output.WriteLine(line);
        }
    }

    /// <summary>Removes the line from the terminal, so that other text can follow.</summary>
    public void End()
    {
        if (isTerminal)
        {
            output.Write(ClearLine);
        }
    }

    private void Show(string text)
    {
        output.Write($"{ClearLine}{text}...");
        _lastShown = time.GetTimestamp();
    }
}
