using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads the table <c>[signatures]</c>.</summary>
public static class SignatureOptionsReader
{
    private const string MaxSizeKey = "max_size";
    private const long MaxBytes = 1L << 40;

    // Two buckets of a file. Fewer have no room for a signature.
    private const long MinBytes = 2048;

    /// <summary>
    /// Returns null if nothing is kept. <c>max_size</c> may be there without a directory, because a check of the configuration does not
    /// have the variables of the service.
    /// </summary>
    public static SignatureOptions? Read(ConfigurationReader root, CacheEnvironment environment)
    {
        ConfigurationReader reader = root.Table("signatures");
        string? directory = FilePathReader.Read(reader, "directory") ?? Default(environment);
        long? maxSize = reader.Bytes(MaxSizeKey, MaxBytes);
        if (maxSize is > 0 and < MinBytes)
            reader.Reject(MaxSizeKey, $"expected 0 or at least {MinBytes} bytes, but got {maxSize}");
        if (directory is null)
            return null;
        SignatureOptions options = new() { Directory = directory };
        return options with { MaxSize = maxSize ?? options.MaxSize };
    }

    // systemd separates several directories by colons.
    private static string? Default(CacheEnvironment environment) =>
        environment.CacheDirectory?.Split(':')[0] is { Length: > 0 } first ? Path.Combine(first, "signatures") : null;
}
