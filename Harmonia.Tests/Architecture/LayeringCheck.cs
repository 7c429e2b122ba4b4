namespace Harmonia.Tests.Architecture;

/// <summary>Holds uses of types against the rules of modules.</summary>
internal sealed class LayeringCheck
{
    private const string Prefix = "Harmonia.";

    private readonly Dictionary<string, ModuleRule> _rules;
    private readonly HashSet<(string User, string Used)> _edges = [];
    private readonly SortedSet<string> _violations = new(StringComparer.Ordinal);

    /// <param name="rules">One for each module.</param>
    /// <param name="uses">What was found; uses of others' types don't matter.</param>
    public LayeringCheck(IEnumerable<ModuleRule> rules, IEnumerable<TypeUse> uses)
    {
        _rules = rules.ToDictionary(rule => rule.Module);
        foreach (TypeUse use in uses.Where(use => IsOurs(use.User)))
            Add(use);
    }

    /// <summary>One line for each use that no rule allows, with the names of both types.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>A ring of modules that use each other, or null when there is none.</summary>
    public string? FindCycle()
    {
        ILookup<string, string> used = _edges.ToLookup(edge => edge.User, edge => edge.Used);
        HashSet<string> finished = new();
        return used.Select(modules => FindCycle(modules.Key, used, [], finished)).FirstOrDefault(cycle => cycle is not null);
    }

    private static string? FindCycle(string module, ILookup<string, string> used, List<string> way, HashSet<string> finished)
    {
        int start = way.IndexOf(module);
        if (start >= 0)
            return string.Join(" → ", [.. way[start..], module]);
        if (finished.Contains(module))
            return null;

        string? cycle = used[module].Select(next => FindCycle(next, used, [.. way, module], finished)).FirstOrDefault(found => found is not null);
        finished.Add(module);
        return cycle;
    }

    private static bool IsOurs(TypeName type) => type.Namespace.StartsWith(Prefix, StringComparison.Ordinal);

    private void Add(TypeUse use)
    {
        if (FindModule(use.User) is not { } user || !IsOurs(use.Used) || FindModule(use.Used) is not { } used || user == used)
            return;

        _edges.Add((user, used));
        if (!IsAllowed(_rules[user], used, use.Used))
            _violations.Add($"{user} may not use {used}: {use}");
    }

    // An import has no type's name: the types that it serves are seen in the assembly.
    private static bool IsAllowed(ModuleRule rule, string used, TypeName type) =>
        rule.MayUse.Contains(used)
        || (rule.Exceptions.Contains(used) && (type.Name.Length == 0 || type.Name.EndsWith("Exception", StringComparison.Ordinal)));

    /// <summary>The module that a type of ours lies in: two names long, or one for the types beside Program.cs.</summary>
    private string? FindModule(TypeName type)
    {
        string[] names = type.Namespace[Prefix.Length..].Split('.');
        string module = string.Join('.', names.Take(2));
        if (_rules.ContainsKey(module))
            return module;

        _violations.Add($"{type.Namespace} is no module of the table: {type}");
        return null;
    }
}
