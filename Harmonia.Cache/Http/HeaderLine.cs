namespace Harmonia.Cache.Http;

/// <summary>One header of a response.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value: ASCII on one line.</param>
public readonly record struct HeaderLine(string Name, string Value);
