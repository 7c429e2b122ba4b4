using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Systemd;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// Reads the configuration again and replaces keys, certificates, credentials and log level, all of them or none. Connections and
/// requests in progress keep what they have.
/// </summary>
public sealed class Reloader(
    CacheConfiguration configuration,
    NarInfoSigner signer,
    AccessGate access,
    LogLevelSwitch levels,
    ServiceNotifier notifier,
    TlsListener? tls,
    ILogger<Reloader> logger)
{
    private CacheOptions _options = configuration.Options;

    /// <summary>The files to watch.</summary>
    public IReadOnlyList<string> Files { get; private set; } = configuration.Files;

    public void Reload()
    {
        if (configuration.Reload is not { } load)
            return;
        notifier.Reloading();
        try
        {
            Apply(load());
            notifier.Ready("Serving");
        }
        catch (ConfigurationException exception)
        {
            logger.NotReloaded(exception.Message);
            notifier.Ready("Serving; the changed configuration has errors and was not taken");
        }
    }

    private void Apply(CacheConfiguration loaded)
    {
        foreach (string warning in loaded.Warnings)
            logger.ConfigurationWarning(warning);
        access.Replace(loaded.Credentials);
        levels.Replace(loaded.Options);
        if (loaded.Certificate is { } certificate)
            tls?.Replace(certificate);
        // Last, because to close the files of signatures by old keys may take seconds. The garbage collector frees the keys themselves:
        // requests in progress may be signing with them.
        signer.Replace(loaded.SigningKeys);
        WarnOfRestart(loaded.Options);
        (_options, Files) = (loaded.Options, loaded.Files);
        logger.Reloaded(
            loaded.SigningKeys.Count == 0 ? "no key" : string.Join(' ', loaded.SigningKeys.Select(key => key.PublicKey.ToString())),
            LogDirectives.Print(loaded.Options.LogLevel, loaded.Options.LogDirectives));
    }

    private void WarnOfRestart(CacheOptions options)
    {
        string[] reloadable =
            [
                "sign_key_paths", "credentials_path", "log_level",
                .. options.Tls is null == tls is null ? (string[])["tls_cert_path", "tls_key_path", "tls_client_ca_path"] : [],
            ];
        IReadOnlyDictionary<string, string> before = CacheOptionsWriter.WriteEach(_options), after = CacheOptionsWriter.WriteEach(options);
        string[] changed =
        [
            .. before.Keys.Union(after.Keys).Except(reloadable)
                .Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key)),
        ];
        if (changed.Length > 0)
            logger.NeedsRestart(string.Join(", ", changed));
    }
}
