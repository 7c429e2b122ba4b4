namespace Harmonia.Cache.Configuration;

/// <summary>The table <c>[signatures]</c>: the signatures that are kept across restarts.</summary>
public sealed record SignatureOptions
{
    /// <summary>The directory of their files.</summary>
    public required string Directory { get; init; }

    /// <summary>The maximum size of each key's file in bytes; 0 to keep nothing.</summary>
    public long MaxSize { get; init; } = 128L << 20;
}
