using System.Globalization;
using System.Text;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>
/// The names in a directory of profiles: the profile <c>system</c> is a symbolic link to <c>system-42-link</c>, the current one of its
/// generations, which lie beside it. Each character of a name is one byte. Nix: src/libstore/profiles.cc, parseName.
/// </summary>
internal static class ProfileNames
{
    private const string Ending = "-link";

    /// <summary>The number of a profile's generation with this name; null if it is none.</summary>
    public static int? FindNumber(string profile, string name)
    {
        bool hasForm = name.Length > profile.Length + 1 + Ending.Length && name.StartsWith(profile, StringComparison.Ordinal)
            && name[profile.Length] == '-' && name.EndsWith(Ending, StringComparison.Ordinal);
        return hasForm
            && int.TryParse(name.AsSpan((profile.Length + 1)..^Ending.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
    }

    /// <summary>The number of the current generation, which a profile's target names; null if the link is no profile.</summary>
    /// <param name="profile">The name of the link.</param>
    /// <param name="target">Its target: Nix writes the name alone, and old releases wrote the whole path.</param>
    /// <param name="directory">The path of the directory.</param>
    public static int? FindCurrent(string profile, string target, string directory)
    {
        string own = directory + "/";
        return FindNumber(profile, target.StartsWith(own, StringComparison.Ordinal) ? target[own.Length..] : target);
    }

    public static string Of(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(name);

    public static byte[] Bytes(string name) => Encoding.Latin1.GetBytes(name);
}
