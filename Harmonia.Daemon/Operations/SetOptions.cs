using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Applies the client's settings to its connection. A trusted client may override every setting; others may override a few harmless ones
/// and get a warning for the rest. Nix: src/libstore/daemon.cc, ClientSettings::apply.
/// </summary>
internal static class SetOptions
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        ClientOptions options = await ClientOptionsCodec.ReadAsync(context.Client.Reader, cancellationToken);
        List<string> warnings = [];
        Dictionary<string, string> allowed = new(StringComparer.Ordinal);
        foreach ((string name, string value) in options.Overrides.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            if (Allow(context, name, value, warnings) is string taken)
            {
                allowed[name] = taken;
            }
        }

        context.Client.Options = options with { Overrides = allowed };
        context.Settings = context.Store.Settings.With(NixSettings.Of(allowed), warnings);
        foreach (string warning in warnings)
        {
            context.Client.Log(LogLevel.Warn, warning);
        }

        context.Client.BeginReply();
    }

    /// <summary>The part of the value that the client may set; null if it may not set it.</summary>
    private static string? Allow(OperationContext context, string name, string value, List<string> warnings)
    {
        switch (NixSettingNames.Resolve(name).Name)
        {
            // Nix ignores these from a client without a warning.
            case "ssh-auth-sock" or "experimental-features":
                return null;
            case "plugin-files":
                warnings.Add("ignoring the client-specified plugin-files: plugins are for the client alone");
                return null;
            case var _ when context.Client.Trust == Trust.Trusted:
            case "timeout" or "max-silent-time" or "build-poll-interval" or "connect-timeout":
            case "builders" when value.Length == 0:
                return value;
            case "substituters":
                return string.Join(' ', Substituters(context.Store.Settings, value, warnings));
            default:
                warnings.Add(
                    $"ignoring the client-specified setting '{name}', because it is a restricted setting and you are not a trusted user");
                return null;
        }
    }

    /// <summary>The wanted substituters that any client may choose.</summary>
    private static IEnumerable<string> Substituters(ConnectionSettings settings, string wanted, List<string> warnings)
    {
        string[] trusted = [.. settings.Substituters, .. settings.TrustedSubstituters];
        foreach (string substituter in wanted.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (trusted.Contains(substituter) || trusted.Contains(substituter + "/"))
            {
                yield return substituter;
            }
            else
            {
                warnings.Add($"ignoring untrusted substituter '{substituter}', you are not a trusted user");
            }
        }
    }
}
