using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Registers the realisation of an output. Clients name the output as in <see cref="QueryRealisation"/>. Untrusted clients need a
/// signature, as in Nix since 2.35; before, any client could register anything. The reply is empty.
/// </summary>
internal static class RegisterDrvOutput
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        bool mustCheck = context.MustCheckSignatures(dontCheck: true);
        if (context.Client.Messages.RealisationWithPathNotHash)
        {
            BuildTraceEntry entry = await BuildTraceEntryCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
            if (mustCheck)
            {
                context.Signatures.Require($"{entry.Key.Derivation}^{entry.Key.OutputName}", entry.Value.Fingerprint(entry.Key), entry.Value.Signatures);
            }

            context.Store.Registry.Change(registration => registration.Realisations.Register(entry.Key, entry.Value));
        }
        else
        {
            Realisation realisation = await RealisationCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
            if (mustCheck)
            {
                context.Signatures.Require(realisation.Id.ToString(), realisation.Fingerprint(), realisation.Signatures);
            }

            context.Store.Registry.Change(registration => registration.Realisations.Register(realisation));
        }

        context.Client.BeginReply();
    }
}
