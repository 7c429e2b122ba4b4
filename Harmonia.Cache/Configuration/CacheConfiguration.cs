using Harmonia.Cache.Http;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Configuration;

/// <summary>The configuration that the cache starts with. Owns the keys.</summary>
public sealed class CacheConfiguration : IDisposable
{
    public required CacheOptions Options { get; init; }

    /// <summary>One for each of <see cref="CacheOptions.SigningKeyPaths"/>.</summary>
    public required IReadOnlyList<SecretKey> SigningKeys { get; init; }

    /// <summary>Null if the cache serves without TLS.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>Null if everybody may read.</summary>
    public CredentialList? Credentials { get; init; }

    /// <summary>Warnings for the operator. The cache can start in spite of them.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The source of the options, for the log.</summary>
    public required string Source { get; init; }

    /// <summary>All files that were read.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Reads the same sources again; null if there are none.</summary>
    public Func<CacheConfiguration>? Reload { get; init; }

    public void Dispose()
    {
        foreach (SecretKey key in SigningKeys)
            key.Dispose();
    }
}
