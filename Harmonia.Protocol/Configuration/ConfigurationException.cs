namespace Harmonia.Protocol.Configuration;

/// <summary>A configuration cannot be used. The message has one line for each error.</summary>
/// <param name="errors">All errors, at least one.</param>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors) : Exception(string.Join('\n', errors))
{
    /// <summary>All errors, in the order of the file.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}
