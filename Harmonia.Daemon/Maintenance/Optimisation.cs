namespace Harmonia.Daemon.Maintenance;

/// <summary>The result of optimising one path.</summary>
internal sealed class Optimisation
{
    /// <summary>The files that were replaced by links.</summary>
    public List<LinkedFile> Linked { get; } = [];

    /// <summary>Problems that were found.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Files that were not linked because of a limit of the file system.</summary>
    public List<string> Remarks { get; } = [];
}
