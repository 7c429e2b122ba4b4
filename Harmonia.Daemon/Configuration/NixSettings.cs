using System.Globalization;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Configuration;

/// <summary>
/// Settings by name. The last one of a name counts. A getter returns null if the setting is missing, or if its value is wrong, which adds
/// to <see cref="Errors"/>. Nix: src/libutil/configuration.cc, BaseSetting.
/// </summary>
internal sealed class NixSettings
{
    private readonly ILookup<string, (NixSetting Setting, bool IsExtra)> _settings;
    private readonly List<ConfigurationError> _errors = [];

    /// <param name="settings">The settings in their order.</param>
    public NixSettings(IEnumerable<NixSetting> settings) => _settings = settings
        .Select(setting => (Setting: setting, Resolved: NixSettingNames.Resolve(setting.Name)))
        .ToLookup(entry => entry.Resolved.Name, entry => (entry.Setting, entry.Resolved.IsExtra));

    /// <summary>The settings that a client overrides for its connection.</summary>
    public static NixSettings Of(IReadOnlyDictionary<string, string> overrides) =>
        new(overrides.Select(setting => new NixSetting(FilePosition.None, setting.Key, setting.Value)));

    /// <summary>The values that were read and are wrong.</summary>
    public IReadOnlyList<ConfigurationError> Errors => _errors;

    public bool? Boolean(string name) => Last(name) switch
    {
        null => null,
        { Value: "true" or "yes" or "1" } => true,
        { Value: "false" or "no" or "0" } => false,
        NixSetting other => Reject<bool>(other, "expected 'true' or 'false'"),
    };

    /// <summary>A number of bytes, with K, M, G or T for powers of 1024. Numbers above the largest file size become that size.</summary>
    public long? Bytes(string name)
    {
        if (Last(name) is not NixSetting setting)
        {
            return null;
        }

        ReadOnlySpan<char> digits = setting.Value;
        int shift = 0;
        if (digits.Length > 0 && "KMGT".IndexOf(char.ToUpperInvariant(digits[^1]), StringComparison.Ordinal) is >= 0 and int unit)
        {
            shift = 10 * (unit + 1);
            digits = digits[..^1];
        }

        return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? (long)(number > (ulong)(long.MaxValue >> shift) ? long.MaxValue : number << shift)
            : Reject<long>(setting, "expected a number of bytes such as '10G'");
    }

    /// <summary>A string.</summary>
    public string? Text(string name) => Last(name)?.Value;

    /// <summary>The words of a list. Words of <c>extra-</c> settings follow them, or follow the default.</summary>
    public IReadOnlyList<string>? Words(string name, IReadOnlyList<string> standard)
    {
        IReadOnlyList<string>? words = null;
        foreach ((NixSetting setting, bool isExtra) in _settings[name])
        {
            string[] value = setting.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            words = isExtra ? [.. words ?? standard, .. value] : value;
        }

        return words;
    }

    /// <summary>The words of a list as keys, without those that are not keys.</summary>
    public IReadOnlyList<PublicKey>? PublicKeys(string name, IReadOnlyList<PublicKey> standard)
    {
        if (Words(name, [.. standard.Select(key => key.ToString())]) is not IReadOnlyList<string> words)
        {
            return null;
        }

        return TrustedKeys.Parse(
            words, expected => _errors.Add(new ConfigurationError(_settings[name].Last().Setting.Position, name, expected)));
    }

    private NixSetting? Last(string name) => _settings[name].Where(entry => !entry.IsExtra).Select(entry => entry.Setting).LastOrDefault();

    private T? Reject<T>(NixSetting setting, string expected)
        where T : struct
    {
        _errors.Add(new ConfigurationError(setting.Position, setting.Name, $"{expected}, but got '{setting.Value}'"));
        return null;
    }
}
