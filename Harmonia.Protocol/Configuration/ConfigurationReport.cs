namespace Harmonia.Protocol.Configuration;

/// <summary>What the readers of one document's tables found; they share one report.</summary>
internal sealed class ConfigurationReport
{
    private readonly HashSet<ConfigurationError> _errors = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>A key may be asked for twice; its error counts once.</summary>
    public void Add(ConfigurationError error) => _errors.Add(error);

    public void Warn(ConfigurationError warning) => _warnings.Add(warning.ToString());

    /// <exception cref="ConfigurationException">There are errors.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw new ConfigurationException(
                [.. _errors.OrderBy(error => error.Position.Line).ThenBy(error => error.Position.Column)]);
        }
    }
}
