using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>The requests of all operations, without an upload after them.</summary>
public static class Requests
{
    public static Transcode Of(Operation operation) => operation switch
    {
        Operation.IsValidPath or Operation.HasSubstitutes or Operation.QueryPathHash or Operation.QueryReferences
            or Operation.QueryReferrers or Operation.EnsurePath or Operation.AddTempRoot or Operation.QueryDeriver
            or Operation.QuerySubstitutablePathInfo or Operation.QueryDerivationOutputs or Operation.QueryPathInfo
            or Operation.QueryDerivationOutputNames or Operation.QueryValidDerivers or Operation.NarFromPath
            or Operation.QueryDerivationOutputMap
            => async (r, w, c) => StorePathCodec.Write(w, c, await StorePathCodec.ReadAsync(r, c, default)),
        Operation.AddToStore => AddToStore,
        Operation.AddTextToStore
            => async (r, w, c) => AddTextToStoreRequestCodec.Write(w, c, await AddTextToStoreRequestCodec.ReadAsync(r, c, default)),
        Operation.BuildPaths or Operation.BuildPathsWithResults
            => async (r, w, c) => BuildPathsRequestCodec.Write(w, c, await BuildPathsRequestCodec.ReadAsync(r, c, default)),
        Operation.AddIndirectRoot => async (r, w, _) => w.WriteBytes(await r.ReadBytesAsync(WireLimits.FilePath, default)),
        Operation.SyncWithGC or Operation.FindRoots or Operation.QueryAllValidPaths or Operation.ImportPaths
            or Operation.OptimiseStore or Operation.CountValidPaths => (_, _, _) => Task.CompletedTask,
        Operation.ExportPath
            => async (r, w, c) => ExportPathRequestCodec.Write(w, c, await ExportPathRequestCodec.ReadAsync(r, c, default)),
        Operation.SetOptions => async (r, w, _) => ClientOptionsCodec.Write(w, await ClientOptionsCodec.ReadAsync(r, default)),
        Operation.CollectGarbage
            => async (r, w, c) => CollectGarbageRequestCodec.Write(w, c, await CollectGarbageRequestCodec.ReadAsync(r, c, default)),
        Operation.QueryPathFromHashPart => async (r, w, _) => w.WriteString(await r.ReadStringAsync(WireLimits.Name, default)),
        Operation.QuerySubstitutablePathInfos
            => async (r, w, c) =>
                SubstitutablePathInfosRequestCodec.Write(w, c, await SubstitutablePathInfosRequestCodec.ReadAsync(r, c, default)),
        Operation.QueryValidPaths
            => async (r, w, c) => QueryValidPathsRequestCodec.Write(w, c, await QueryValidPathsRequestCodec.ReadAsync(r, c, default)),
        Operation.QuerySubstitutablePaths
            => async (r, w, c) => StorePathCodec.WriteSet(w, c, await StorePathCodec.ReadSetAsync(r, c, default)),
        Operation.VerifyStore => async (r, w, _) => VerifyStoreRequestCodec.Write(w, await VerifyStoreRequestCodec.ReadAsync(r, default)),
        Operation.BuildDerivation
            => async (r, w, c) => BuildDerivationRequestCodec.Write(w, c, await BuildDerivationRequestCodec.ReadAsync(r, c, default)),
        Operation.AddSignatures
            => async (r, w, c) => AddSignaturesRequestCodec.Write(w, c, await AddSignaturesRequestCodec.ReadAsync(r, c, default)),
        Operation.AddToStoreNar
            => async (r, w, c) => AddToStoreNarRequestCodec.Write(w, c, await AddToStoreNarRequestCodec.ReadAsync(r, c, default)),
        Operation.QueryMissing => async (r, w, c) => DerivedPathCodec.WriteList(w, c, await DerivedPathCodec.ReadListAsync(r, c, default)),
        Operation.RegisterDrvOutput => RegisterDrvOutput,
        Operation.QueryRealisation => QueryRealisation,
        Operation.AddMultipleToStore
            => async (r, w, _) => AddMultipleToStoreRequestCodec.Write(w, await AddMultipleToStoreRequestCodec.ReadAsync(r, default)),
        Operation.AddBuildLog => async (r, w, _) => StorePathCodec.WriteBaseName(w, await StorePathCodec.ReadBaseNameAsync(r, default)),
        Operation.AddPermRoot
            => async (r, w, c) => AddPermRootRequestCodec.Write(w, c, await AddPermRootRequestCodec.ReadAsync(r, c, default)),
        Operation.QueryPathInfosByHashPart
            => async (r, w, _) => StorePathHashCodec.WriteList(w, await StorePathHashCodec.ReadListAsync(r, WireLimits.HashParts, default)),
        Operation.AwaitStoreChange
            => async (r, w, _) => AwaitStoreChangeRequestCodec.Write(w, await AwaitStoreChangeRequestCodec.ReadAsync(r, default)),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "There is no such operation."),
    };

    /// <summary>Whether frames follow the request.</summary>
    public static bool HasFrames(Operation operation, MessageContext context) => operation switch
    {
        Operation.AddToStore => context.Version.IsAtLeast(25),
        Operation.AddToStoreNar => context.Version.IsAtLeast(23),
        Operation.AddMultipleToStore or Operation.AddBuildLog => true,
        _ => false,
    };

    private static async Task AddToStore(WireReader reader, WireWriter writer, MessageContext context)
    {
        if (context.Version.IsAtLeast(25))
            AddToStoreRequestCodec.Write(writer, context, await AddToStoreRequestCodec.ReadAsync(reader, context, default));
        else
            OldAddToStoreRequestCodec.Write(writer, await OldAddToStoreRequestCodec.ReadAsync(reader, default));
    }

    private static async Task RegisterDrvOutput(WireReader reader, WireWriter writer, MessageContext context)
    {
        if (context.RealisationWithPathNotHash)
            BuildTraceEntryCodec.Write(writer, context, await BuildTraceEntryCodec.ReadAsync(reader, context, default));
        else
            RealisationCodec.Write(writer, context, await RealisationCodec.ReadAsync(reader, context, default));
    }

    private static async Task QueryRealisation(WireReader reader, WireWriter writer, MessageContext context)
    {
        if (context.RealisationWithPathNotHash)
            BuildTraceKeyCodec.Write(writer, context, await BuildTraceKeyCodec.ReadAsync(reader, context, default));
        else
            DrvOutputCodec.Write(writer, await DrvOutputCodec.ReadAsync(reader, default));
    }
}
