namespace Harmonia.Daemon.Maintenance;

/// <summary>What became of the check of a path's files.</summary>
/// <param name="Problem">What is wrong with them; null for nothing.</param>
/// <param name="Change">What was put right in the database; null for nothing.</param>
internal sealed record ContentVerdict(string? Problem, string? Change)
{
    public static ContentVerdict Fine { get; } = new(null, null);
}
