namespace Harmonia.Tests.Architecture;

/// <summary>
/// Checks that a folder uses only folders below it in its project, and that the two programs use nothing but Harmonia.Protocol besides.
/// </summary>
internal sealed class LayeringCheck
{
    private const string Prefix = "Harmonia.";
    private const string SharedProject = "Harmonia.Protocol";

    private readonly FolderOrder _order;
    private readonly SortedSet<string> _violations = new(StringComparer.Ordinal);

    /// <param name="order">The folders from top to bottom.</param>
    /// <param name="uses">All uses; those of other libraries' types are ignored.</param>
    public LayeringCheck(FolderOrder order, IEnumerable<TypeUse> uses)
    {
        _order = order;
        foreach (TypeUse use in uses.Where(use => IsOurs(use.User)))
            Add(use);
    }

    /// <summary>One line for each use that goes up or across, with the names of both types.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    private static bool IsOurs(TypeName type) => type.Namespace.StartsWith(Prefix, StringComparison.Ordinal);

    private void Add(TypeUse use)
    {
        if (Find(use.User) is not { } user || !IsOurs(use.Used) || Find(use.Used) is not { } used)
            return;

        if (user.Project == used.Project ? used.Row < user.Row : used.Project != SharedProject)
            _violations.Add($"{NameOf(user)} may not use {NameOf(used)}: {use}");
    }

    private string NameOf((string Project, int Row) place) => place.Row < 0
        ? place.Project[Prefix.Length..]
        : $"{place.Project[Prefix.Length..]}.{_order.FoldersOf(place.Project)[place.Row]}";

    private (string Project, int Row)? Find(TypeName type)
    {
        if (_order.Find(type.Namespace) is { } place)
            return place;

        _violations.Add($"{type.Namespace} is in no table: {type}");
        return null;
    }
}
