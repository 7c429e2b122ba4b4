namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>Where a store lies.</summary>
/// <param name="RealStore">The directory with its files.</param>
/// <param name="State">The directory with its database.</param>
internal sealed record StorePlace(string RealStore, string State);
