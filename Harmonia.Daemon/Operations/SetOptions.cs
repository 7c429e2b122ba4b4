using Harmonia.Protocol.Messages;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Takes the client's settings. Of those it overrides none has an effect here; whoever may not set one is warned where Nix warns.
/// Nix: src/libstore/daemon.cc, ClientSettings::apply.
/// </summary>
internal static class SetOptions
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        context.Options = await ClientOptionsCodec.ReadAsync(context.Reader, cancellationToken).ConfigureAwait(false);
        foreach ((string name, string value) in context.Options.Overrides.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            if (!IsAllowed(context.Trust, name, value))
            {
                context.Log(
                    LogLevel.Warn,
                    $"ignoring the client-specified setting '{name}', because it is a restricted setting and you are not a trusted user");
            }
        }

        context.BeginReply();
    }

    private static bool IsAllowed(Trust trust, string name, string value) => trust == Trust.Trusted || name switch
    {
        "timeout" or "build-timeout" or "max-silent-time" or "build-max-silent-time" or "build-poll-interval" or "connect-timeout" => true,
        "builders" => value.Length == 0,

        // Nix checks these against the daemon's own; without substituters there is nothing to choose from.
        "substituters" or "binary-caches" => true,

        // Nix never takes these from a client, and does not say so.
        "ssh-auth-sock" or "experimental-features" => true,
        _ => false,
    };
}
