using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The output paths of a valid derivation; all must be known. Before protocol 1.22.</summary>
internal static class QueryDerivationOutputs
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        IReadOnlyDictionary<string, StorePath?> outputs = context.Store.Derivations.QueryOutputs(path);
        List<StorePath> paths = [];
        foreach ((string name, StorePath? output) in outputs)
        {
            paths.Add(output ?? throw new RefusedException(
                $"cannot operate on an output of the unbuilt derivation '{context.Client.Messages.StoreDirectory.Print(path)}^{name}'"));
        }

        StorePathCodec.WriteSet(context.Client.BeginReply(), context.Client.Messages, paths);
    }
}
