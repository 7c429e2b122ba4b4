namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>A generation of a profile that is old enough to be deleted. Nix: src/libstore/include/nix/store/profiles.hh, Generation.</summary>
/// <param name="Profile">The path of the profile, for people.</param>
/// <param name="Number">Its number.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Link">The path of the symbolic link that keeps it, in bytes.</param>
internal sealed record Generation(string Profile, int Number, DateTimeOffset Created, ReadOnlyMemory<byte> Link)
{
    /// <summary>Why it could not be deleted; null if it was, or would be.</summary>
    public string? Problem { get; init; }

    /// <summary>The path of the link, for people.</summary>
    public string LinkText => $"{Profile}-{Number}-link";
}
