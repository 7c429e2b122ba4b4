namespace Harmonia.Cache.Http;

/// <summary>There is too much to do now; whoever comes again later may be served.</summary>
public sealed class OverloadedException(string message) : Exception(message);
