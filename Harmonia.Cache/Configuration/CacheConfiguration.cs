using Harmonia.Cache.Http;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Configuration;

/// <summary>Everything the cache starts with. Owns the keys.</summary>
public sealed class CacheConfiguration : IDisposable
{
    public required CacheOptions Options { get; init; }

    /// <summary>One for each of <see cref="CacheOptions.SigningKeyPaths"/>.</summary>
    public required IReadOnlyList<SecretKey> SigningKeys { get; init; }

    /// <summary>Null serves in the clear.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>Null serves everybody.</summary>
    public CredentialList? Credentials { get; init; }

    /// <summary>What the operator should change though the cache can start.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the options come from, for the log.</summary>
    public required string Source { get; init; }

    /// <summary>Every file that was read.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Reads the same sources again; null where there are none.</summary>
    public Func<CacheConfiguration>? Reload { get; init; }

    public void Dispose()
    {
        foreach (SecretKey key in SigningKeys)
            key.Dispose();
    }
}
