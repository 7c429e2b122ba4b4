namespace Harmonia.Protocol.Configuration;

/// <summary>The errors and warnings of one document. The readers of its tables share it.</summary>
internal sealed class ConfigurationReport
{
    private readonly HashSet<ConfigurationError> _errors = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Adds an error. A key may be read twice, but its error counts once.</summary>
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
