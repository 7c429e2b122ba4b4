namespace Harmonia.Daemon.Maintenance;

/// <summary>The result of the check of a path's files.</summary>
/// <param name="Problem">What is wrong with the files; null if they are intact.</param>
/// <param name="Change">What was corrected in the database; null for nothing.</param>
internal sealed record ContentVerdict(string? Problem, string? Change)
{
    public static ContentVerdict Fine { get; } = new(null, null);
}
