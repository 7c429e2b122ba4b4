using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>The replies of all operations except NarFromPath, whose reply is a NAR.</summary>
public static class Replies
{
    // Before 1.31 the reply does not say what was asked for. Where only the bytes matter, any output will do.
    private static readonly DrvOutput AnyOutput = DrvOutput.Parse($"sha256:{new string('1', 64)}!out");

    public static IEnumerable<Operation> Operations => Enum.GetValues<Operation>().Except([Operation.NarFromPath]);

    public static Transcode Of(Operation operation) => operation switch
    {
        // Harmonia's daemon has no substituters, so it says no more about a path than this.
        Operation.IsValidPath or Operation.HasSubstitutes or Operation.VerifyStore or Operation.QuerySubstitutablePathInfo
            => async (r, w, _) => w.WriteBool(await r.ReadBoolAsync(default)),
        Operation.QueryPathHash => async (r, w, _) => NarHashCodec.Write(w, await NarHashCodec.ReadAsync(r, default)),
        Operation.QueryReferences or Operation.QueryReferrers or Operation.QueryDerivationOutputs or Operation.QueryValidPaths
            or Operation.QuerySubstitutablePaths or Operation.QueryValidDerivers
            => async (r, w, c) => StorePathCodec.WriteSet(w, c, await StorePathCodec.ReadSetAsync(r, c, default)),
        Operation.QueryAllValidPaths
            => async (r, w, c) => await StorePathCodec.WriteSetAsync(w, c, await StorePathCodec.ReadSetAsync(r, c, default), default),
        Operation.AddToStore => AddToStore,
        Operation.AddTextToStore => async (r, w, c) => StorePathCodec.Write(w, c, await StorePathCodec.ReadAsync(r, c, default)),
        Operation.BuildPaths or Operation.EnsurePath or Operation.AddTempRoot or Operation.AddIndirectRoot or Operation.SyncWithGC
            or Operation.ExportPath or Operation.OptimiseStore or Operation.AddSignatures or Operation.AddBuildLog
            or Operation.QuerySubstitutablePathInfos or Operation.CountValidPaths
            => async (r, w, _) => w.WriteUInt64(await r.ReadUInt64Async(default)),
        Operation.FindRoots => async (r, w, c) => GcRootsCodec.Write(w, c, await GcRootsCodec.ReadAsync(r, c, default)),
        Operation.QueryDeriver or Operation.QueryPathFromHashPart
            => async (r, w, c) => StorePathCodec.WriteOptional(w, c, await StorePathCodec.ReadOptionalAsync(r, c, default)),
        Operation.SetOptions or Operation.AddToStoreNar or Operation.RegisterDrvOutput or Operation.AddMultipleToStore
            => (_, _, _) => Task.CompletedTask,
        Operation.CollectGarbage
            => async (r, w, _) => await CollectGarbageResultCodec.WriteAsync(w, await CollectGarbageResultCodec.ReadAsync(r, default), default),
        Operation.QueryPathInfo
            => async (r, w, c) =>
                UnkeyedValidPathInfoCodec.WriteOptional(w, c, await UnkeyedValidPathInfoCodec.ReadOptionalAsync(r, c, default)),
        Operation.ImportPaths => async (r, w, c) => StorePathCodec.WriteList(w, c, await StorePathCodec.ReadListAsync(r, c, default)),
        Operation.QueryDerivationOutputNames
            => async (r, w, _) => StringSetCodec.Write(w, await ClientReplies.ReadOutputNamesAsync(r, default)),
        Operation.BuildDerivation => async (r, w, c) => BuildResultCodec.Write(w, c, await BuildResultCodec.ReadAsync(r, c, default)),
        Operation.QueryMissing => async (r, w, c) => MissingPathsCodec.Write(w, c, await ClientReplies.ReadMissingAsync(r, c, default)),
        Operation.QueryDerivationOutputMap
            => async (r, w, c) => DerivationOutputMapCodec.Write(w, c, await DerivationOutputMapCodec.ReadAsync(r, c, default)),
        Operation.QueryRealisation => QueryRealisation,
        Operation.BuildPathsWithResults
            => async (r, w, c) => KeyedBuildResultCodec.WriteList(w, c, await ClientReplies.ReadBuildResultsAsync(r, c, default)),
        Operation.AddPermRoot => async (r, w, _) => w.WriteBytes(await r.ReadBytesAsync(WireLimits.FilePath, default)),
        Operation.QueryPathInfosByHashPart
            => async (r, w, c) => OptionalPathInfosCodec.Write(w, c, await OptionalPathInfosCodec.ReadAsync(r, c, count: 2, default)),
        Operation.AwaitStoreChange
            => async (r, w, c) => StoreChangeCodec.Write(w, c, await StoreChangeCodec.ReadAsync(r, c, default)),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not a reply that a codec reads."),
    };

    private static async Task AddToStore(WireReader reader, WireWriter writer, MessageContext context)
    {
        if (context.Version.IsAtLeast(25))
            ValidPathInfoCodec.Write(writer, context, await ValidPathInfoCodec.ReadAsync(reader, context, default));
        else
            StorePathCodec.Write(writer, context, await StorePathCodec.ReadAsync(reader, context, default));
    }

    private static async Task QueryRealisation(WireReader reader, WireWriter writer, MessageContext context)
    {
        if (context.RealisationWithPathNotHash)
        {
            UnkeyedRealisationCodec.WriteOptional(
                writer, context, await UnkeyedRealisationCodec.ReadOptionalAsync(reader, context, default));
        }
        else
        {
            RealisationCodec.WriteOptional(writer, context, await RealisationCodec.ReadOptionalAsync(reader, context, AnyOutput, default));
        }
    }
}
