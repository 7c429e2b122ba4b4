using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Configuration;

/// <summary>Everything the cache starts with. Owns the keys.</summary>
public sealed class CacheConfiguration : IDisposable
{
    public required CacheOptions Options { get; init; }

    /// <summary>One for each of <see cref="CacheOptions.SigningKeyPaths"/>.</summary>
    public required IReadOnlyList<SecretKey> SigningKeys { get; init; }

    /// <summary>What the operator should change though the cache can start.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the options come from, for the log.</summary>
    public required string Source { get; init; }

    public void Dispose()
    {
        foreach (SecretKey key in SigningKeys)
            key.Dispose();
    }
}
