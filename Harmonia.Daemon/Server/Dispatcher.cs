using System.Diagnostics.CodeAnalysis;
using Harmonia.Daemon.Operations;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Server;

/// <summary>Maps each operation to the code that answers it.</summary>
internal static class Dispatcher
{
    [SuppressMessage("Reliability", "CA2012", Justification = "The switch returns one of them.")]
    public static ValueTask RunAsync(Operation operation, OperationContext context, CancellationToken cancellationToken) => operation switch
    {
        Operation.AddBuildLog => AddBuildLog.RunAsync(context, cancellationToken),
        Operation.AddIndirectRoot => AddIndirectRoot.RunAsync(context, cancellationToken),
        Operation.AddMultipleToStore => AddMultipleToStore.RunAsync(context, cancellationToken),
        Operation.AddPermRoot => AddPermRoot.RunAsync(context, cancellationToken),
        Operation.AddSignatures => AddSignatures.RunAsync(context, cancellationToken),
        Operation.AddTempRoot => AddTempRoot.RunAsync(context, cancellationToken),
        Operation.AddTextToStore => AddTextToStore.RunAsync(context, cancellationToken),
        Operation.AddToStore => AddToStore.RunAsync(context, cancellationToken),
        Operation.AddToStoreNar => AddToStoreNar.RunAsync(context, cancellationToken),
        Operation.AwaitStoreChange when context.Client.Messages.HarmoniaCache => AwaitStoreChange.RunAsync(context, cancellationToken),
        Operation.BuildDerivation => BuildDerivation.RunAsync(context, cancellationToken),
        Operation.BuildPaths => BuildPaths.RunAsync(context, cancellationToken),
        Operation.BuildPathsWithResults => BuildPathsWithResults.RunAsync(context, cancellationToken),
        Operation.CollectGarbage => CollectGarbage.RunAsync(context, cancellationToken),
        Operation.CountValidPaths when context.Client.Messages.HarmoniaCount => CountValidPaths.RunAsync(context),
        Operation.EnsurePath => EnsurePath.RunAsync(context, cancellationToken),
        Operation.ExportPath => ExportPath.RunAsync(context, cancellationToken),
        Operation.FindRoots => FindRoots.RunAsync(context, cancellationToken),
        Operation.HasSubstitutes => HasSubstitutes.RunAsync(context, cancellationToken),
        Operation.ImportPaths => ImportPaths.RunAsync(context, cancellationToken),
        Operation.IsValidPath => IsValidPath.RunAsync(context, cancellationToken),
        Operation.NarFromPath => NarFromPath.RunAsync(context, cancellationToken),
        Operation.OptimiseStore => OptimiseStore.RunAsync(context, cancellationToken),
        Operation.QueryAllValidPaths => QueryAllValidPaths.RunAsync(context, cancellationToken),
        Operation.QueryDerivationOutputMap => QueryDerivationOutputMap.RunAsync(context, cancellationToken),
        Operation.QueryDerivationOutputNames => QueryDerivationOutputNames.RunAsync(context, cancellationToken),
        Operation.QueryDerivationOutputs => QueryDerivationOutputs.RunAsync(context, cancellationToken),
        Operation.QueryDeriver => QueryDeriver.RunAsync(context, cancellationToken),
        Operation.QueryMissing => QueryMissing.RunAsync(context, cancellationToken),
        Operation.QueryPathFromHashPart => QueryPathFromHashPart.RunAsync(context, cancellationToken),
        Operation.QueryPathHash => QueryPathHash.RunAsync(context, cancellationToken),
        Operation.QueryPathInfo => QueryPathInfo.RunAsync(context, cancellationToken),
        Operation.QueryPathInfosByHashPart when context.Client.Messages.HarmoniaCache =>
            QueryPathInfosByHashPart.RunAsync(context, cancellationToken),
        Operation.QueryRealisation => QueryRealisation.RunAsync(context, cancellationToken),
        Operation.QueryReferences => QueryReferences.RunAsync(context, cancellationToken),
        Operation.QueryReferrers => QueryReferrers.RunAsync(context, cancellationToken),
        Operation.QuerySubstitutablePathInfo => QuerySubstitutablePathInfo.RunAsync(context, cancellationToken),
        Operation.QuerySubstitutablePathInfos => QuerySubstitutablePathInfos.RunAsync(context, cancellationToken),
        Operation.QuerySubstitutablePaths => QuerySubstitutablePaths.RunAsync(context, cancellationToken),
        Operation.QueryValidDerivers => QueryValidDerivers.RunAsync(context, cancellationToken),
        Operation.QueryValidPaths => QueryValidPaths.RunAsync(context, cancellationToken),
        Operation.RegisterDrvOutput => RegisterDrvOutput.RunAsync(context, cancellationToken),
        Operation.SetOptions => SetOptions.RunAsync(context, cancellationToken),
        Operation.SyncWithGC => SyncWithGC.RunAsync(context),
        Operation.VerifyStore => VerifyStore.RunAsync(context, cancellationToken),
        _ => throw new WireException($"invalid operation {(uint)operation}"),
    };
}
