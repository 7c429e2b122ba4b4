using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Configuration;

/// <summary>
/// The settings that Nix has too, by their names there with _ for -: what the TOML file says counts more than what nix.conf says, and that
/// more than the standard.
/// </summary>
internal sealed class LayeredSettings(ConfigurationReader file, NixSettings nix)
{
    public bool Boolean(string key, bool standard) => file.Boolean(key) ?? nix.Boolean(NixName(key)) ?? standard;

    public long Bytes(string key, long standard) => file.Bytes(key, long.MaxValue) ?? nix.Bytes(NixName(key)) ?? standard;

    public string Text(string key, string standard) => file.String(key) ?? nix.Text(NixName(key)) ?? standard;

    public IReadOnlyList<string> Words(string key, IReadOnlyList<string> standard) => WordsOrNone(key, standard) ?? standard;

    /// <summary>The same for a list whose standard is not known here.</summary>
    /// <param name="key">The key.</param>
    /// <param name="base">What nix.conf adds to with <c>extra-</c>.</param>
    public IReadOnlyList<string>? WordsOrNone(string key, IReadOnlyList<string> @base) => file.StringList(key) ?? nix.Words(NixName(key), @base);

    public IReadOnlyList<string> Paths(string key) => file.PathList(key) ?? nix.Words(NixName(key), []) ?? [];

    public IReadOnlyList<PublicKey> PublicKeys(string key, IReadOnlyList<PublicKey> standard) =>
        file.StringList(key) is IReadOnlyList<string> texts
            ? TrustedKeys.Parse(texts, expected => file.Reject(key, expected))
            : nix.PublicKeys(NixName(key), standard) ?? standard;

    private static string NixName(string key) => key.Replace('_', '-');
}
