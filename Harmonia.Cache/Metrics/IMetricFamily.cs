namespace Harmonia.Cache.Metrics;

/// <summary>One metric with all its series.</summary>
public interface IMetricFamily
{
    /// <summary>Its name, which the names of its samples begin with.</summary>
    string Name { get; }

    /// <summary>Appends its head and the present value of every series.</summary>
    void Write(MetricText text);
}
