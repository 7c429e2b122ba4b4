namespace Harmonia.Protocol.Messages;

/// <summary>A set of feature names, announced by one side or negotiated by both.</summary>
public sealed class FeatureSet
{
    private readonly SortedSet<string> _names;

    /// <summary>Creates a set of names. Order and repetitions do not matter.</summary>
    public FeatureSet(IEnumerable<string> names) => _names = new(names, StringComparer.Ordinal);

    /// <summary>No features: every protocol before 1.38.</summary>
    public static FeatureSet Empty { get; } = new([]);

    /// <summary>The names in ascending order.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>Whether the feature is in the set.</summary>
    public bool Contains(string name) => _names.Contains(name);

    /// <summary>The features in both sets, which two peers use.</summary>
    public FeatureSet Intersect(FeatureSet other) => new(_names.Where(other.Contains));

    /// <summary>The names with commas between them.</summary>
    public override string ToString() => string.Join(", ", _names);
}
