namespace Harmonia.Benchmarks.Servers;

/// <summary>A measurement could not be made. The message says why, for whoever runs it; there is nothing to debug.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
