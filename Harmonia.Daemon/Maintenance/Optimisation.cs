namespace Harmonia.Daemon.Maintenance;

/// <summary>What was done for one path.</summary>
internal sealed class Optimisation
{
    /// <summary>The files that are links now.</summary>
    public List<LinkedFile> Linked { get; } = [];

    /// <summary>What is not as it should be.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Which files stay what they are because the file system has a limit.</summary>
    public List<string> Remarks { get; } = [];
}
