using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>The output paths of a valid derivation, all of which must be known. Before 1.22.</summary>
internal static class QueryDerivationOutputs
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        StorePath path = await StorePathCodec.ReadAsync(context.Reader, context.Messages, cancellationToken);
        IReadOnlyDictionary<string, StorePath?> outputs = context.Derivations.QueryOutputs(path);
        List<StorePath> paths = [];
        foreach ((string name, StorePath? output) in outputs)
        {
            paths.Add(output ?? throw new RefusedException(
                $"cannot operate on an output of the unbuilt derivation '{context.Messages.StoreDirectory.Print(path)}^{name}'"));
        }

        StorePathCodec.WriteSet(context.BeginReply(), context.Messages, paths);
    }
}
