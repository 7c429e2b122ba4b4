using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The names of the outputs of a valid derivation.</summary>
internal static class QueryDerivationOutputNames
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        Derivation derivation = context.Store.Derivations.Read(path);
        StringSetCodec.Write(context.Client.BeginReply(), [.. derivation.Outputs.Select(output => output.Name)]);
    }
}
