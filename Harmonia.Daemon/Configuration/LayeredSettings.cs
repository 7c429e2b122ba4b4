using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Configuration;

/// <summary>
/// The settings that nix.conf has too. Their names are those of Nix, with _ for -. The TOML file takes precedence over nix.conf, and
/// nix.conf over the default.
/// </summary>
internal sealed class LayeredSettings(ConfigurationReader file, NixSettings nix)
{
    public bool Boolean(string key, bool defaultValue) => file.Boolean(key) ?? nix.Boolean(NixName(key)) ?? defaultValue;

    public long Bytes(string key, long defaultValue) => file.Bytes(key, long.MaxValue) ?? nix.Bytes(NixName(key)) ?? defaultValue;

    public string Text(string key, string defaultValue) => file.String(key) ?? nix.Text(NixName(key)) ?? defaultValue;

    public IReadOnlyList<string> Words(string key, IReadOnlyList<string> defaultValue) => WordsOrNone(key, defaultValue) ?? defaultValue;

    /// <summary>A list without a default.</summary>
    /// <param name="key">The key.</param>
    /// <param name="base">The list to which <c>extra-</c> in nix.conf adds.</param>
    public IReadOnlyList<string>? WordsOrNone(string key, IReadOnlyList<string> @base) => file.StringList(key) ?? nix.Words(NixName(key), @base);

    public IReadOnlyList<string> Paths(string key) => file.PathList(key) ?? nix.Words(NixName(key), []) ?? [];

    public IReadOnlyList<PublicKey> PublicKeys(string key, IReadOnlyList<PublicKey> defaultValue) =>
        file.StringList(key) is IReadOnlyList<string> texts
            ? TrustedKeys.Parse(texts, expected => file.Reject(key, expected))
            : nix.PublicKeys(NixName(key), defaultValue) ?? defaultValue;

    private static string NixName(string key) => key.Replace('_', '-');
}
