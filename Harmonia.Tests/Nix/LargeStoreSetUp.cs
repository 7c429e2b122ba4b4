using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Makes the store once for all tests of this folder and removes it after the last.</summary>
[SetUpFixture]
public sealed class LargeStoreSetUp
{
    private static LargeStore? _store;

    public static LargeStore Store => _store ?? throw new InvalidOperationException("The large store is made before the first test.");

    [OneTimeSetUp]
    public async Task MakeStoreAsync() => _store = await LargeStore.CreateAsync();

    [OneTimeTearDown]
    public void RemoveStore() => _store?.Dispose();
}
