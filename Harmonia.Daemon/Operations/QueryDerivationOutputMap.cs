using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The outputs of a valid derivation and their paths.</summary>
internal static class QueryDerivationOutputMap
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        IReadOnlyDictionary<string, StorePath?> outputs = context.Store.Derivations.QueryOutputs(path);
        if (!context.Store.Database.KnowsRealisations)
        {
            // Without ca-derivations Nix leaves out outputs whose paths the derivation does not determine.
            outputs = outputs.Where(output => output.Value is not null).ToDictionary();
        }

        DerivationOutputMapCodec.Write(context.Client.BeginReply(), context.Client.Messages, outputs);
    }
}
